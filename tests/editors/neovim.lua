-- What an author does in Neovim, step by step; what was seen goes to the file named by $SEEN as JSON.

local seen = {}
local LIMIT_MS = 30000

local function report(failure)
  seen.failure = failure
  local file = assert(io.open(os.getenv("SEEN"), "w"))
  file:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
  file:close()
  vim.cmd("qall!")
end

local function wait(what, holds)
  if not vim.wait(LIMIT_MS, holds, 20) then
    error("never came: " .. what .. "; " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

local function go(pattern)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search(pattern) > 0, "nowhere: " .. pattern)
end

local function group(pattern)
  go(pattern)
  return vim.fn.synIDattr(vim.fn.synID(vim.fn.line("."), vim.fn.col("."), 1), "name")
end

local function errors()
  return vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })
end

local function author()
  require("mltspec").setup({ cmd = vim.split(os.getenv("MLTSPEC"), " ") })
  vim.ui.select = function(items, options, choose)
    seen.offered = vim.tbl_map(options.format_item or tostring, items)
    choose(items[1], 1)
  end

  vim.cmd("edit " .. os.getenv("SPEC"))
  seen.filetype = vim.bo.filetype
  seen.groups = {
    suite = group([[suite "]]),
    model = group("model digits"),
    name = group([[model \zsdigits]]),
    word = group([[expect \zsaccuracy]]),
    string = group([["digits\.model]]),
    number = group([[0\.9]]),
    unit = group([[epochs]]),
    comment = group([[# why]]),
  }

  wait("a finding", function() return #errors() > 0 end)
  seen.found = vim.tbl_map(function(each) return { each.lnum + 1, each.code, each.source } end, errors())

  go("hodlout")
  vim.lsp.buf.code_action()
  wait("the fix", function() return not text():find("hodlout") end)
  wait("no more errors", function() return #errors() == 0 end)
  seen.fixed = text()

  go([[digits {]])
  vim.lsp.buf.rename("net")
  wait("the new name", function() return text():find("model net {", 1, true) ~= nil end)
  seen.renamed = text()

  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = LIMIT_MS })
  else
    vim.lsp.buf.formatting_sync(nil, LIMIT_MS)
  end
  seen.formatted = text()

  vim.fn.cursor(1, 1)
  vim.cmd("normal! Go")
  vim.fn.setline(".", "expect x tags [")
  vim.cmd("normal! oa")
  seen.indent = vim.fn.MltIndent(vim.fn.line("."))

  local parsed, tree = pcall(function()
    return vim.treesitter.get_parser(0, "mlt"):parse()[1]:root()
  end)
  seen.tree = parsed and tree:type() or tostring(tree)
  local get_query = vim.treesitter.query and (vim.treesitter.query.get or vim.treesitter.query.get_query)
  seen.captures = get_query and #get_query("mlt", "highlights").captures or 0
end

local ok, failure = xpcall(author, debug.traceback)
report(not ok and failure or nil)
