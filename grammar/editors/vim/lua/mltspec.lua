-- Starts `mltspec lsp` for specs in Neovim 0.7 and newer:
--
--   require("mltspec").setup()
--   require("mltspec").setup({ cmd = { "uv", "run", "mltspec", "lsp" }, on_attach = function(client, buffer) ... end })

local M = {}

local MARKS = { "pyproject.toml", "mltspec.toml", ".git" }
local clients = {}

--- The nearest folder above a file with one of the marks of a project, else the file's own.
function M.root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  for _, mark in ipairs(MARKS) do
    local found = vim.fn.finddir(mark, folder .. ";")
    if found == "" then
      found = vim.fn.findfile(mark, folder .. ";")
    end
    if found ~= "" then
      return vim.fn.fnamemodify(found, ":p:s?/$??:h")
    end
  end
  return folder
end

--- The command of the project's own environment if it has one, else what is on the path.
function M.command(root)
  for _, venv in ipairs({ ".venv", "venv" }) do
    local own = root .. "/" .. venv .. "/bin/mltspec"
    if vim.fn.executable(own) == 1 then
      return { own, "lsp" }
    end
  end
  return { "mltspec", "lsp" }
end

--- Attach a buffer to the server of its project, which is started if need be.
function M.attach(buffer, options)
  local root = M.root(vim.api.nvim_buf_get_name(buffer))
  local config = vim.tbl_extend("force", { name = "mltspec", cmd = M.command(root), root_dir = root }, options or {})
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  local client = clients[root]
  if not client or vim.lsp.client_is_stopped(client) then
    client = vim.lsp.start_client(config)
    clients[root] = client
  end
  if client then
    vim.lsp.buf_attach_client(buffer, client)
  end
end

--- Attach every spec that is opened. Options are those of `:help vim.lsp.start_client()`.
function M.setup(options)
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "mlt",
    callback = function(event)
      M.attach(event.buf, options)
    end,
  })
end

return M
