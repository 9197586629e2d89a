#include <tree_sitter/parser.h>

#if defined(__GNUC__) || defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif

#define LANGUAGE_VERSION 14
#define STATE_COUNT 126
#define LARGE_STATE_COUNT 4
#define SYMBOL_COUNT 117
#define ALIAS_COUNT 0
#define TOKEN_COUNT 91
#define EXTERNAL_TOKEN_COUNT 0
#define FIELD_COUNT 7
#define MAX_ALIAS_SEQUENCE_LENGTH 7
#define PRODUCTION_ID_COUNT 8

enum {
  sym_word = 1,
  anon_sym_edition = 2,
  anon_sym_use = 3,
  anon_sym_as = 4,
  anon_sym_let = 5,
  anon_sym_EQ = 6,
  anon_sym_model = 7,
  anon_sym_data = 8,
  anon_sym_baseline = 9,
  anon_sym_server = 10,
  anon_sym_pipeline = 11,
  anon_sym_profile = 12,
  anon_sym_attest = 13,
  anon_sym_suite = 14,
  anon_sym_expect = 15,
  anon_sym_for = 16,
  anon_sym_each = 17,
  anon_sym_in = 18,
  anon_sym_any = 19,
  anon_sym_LBRACE = 20,
  anon_sym_RBRACE = 21,
  anon_sym_COMMA = 22,
  anon_sym_LT_EQ = 23,
  anon_sym_GT_EQ = 24,
  anon_sym_BANG_EQ = 25,
  anon_sym_LT = 26,
  anon_sym_GT = 27,
  anon_sym_ = 28,
  anon_sym_2 = 29,
  anon_sym_3 = 30,
  anon_sym_PLUS = 31,
  anon_sym_DASH = 32,
  anon_sym_DOT_DOT = 33,
  anon_sym_LBRACK = 34,
  anon_sym_RBRACK = 35,
  anon_sym_PERCENT = 36,
  anon_sym_B = 37,
  anon_sym_GB = 38,
  anon_sym_GiB = 39,
  anon_sym_KiB = 40,
  anon_sym_MB = 41,
  anon_sym_MiB = 42,
  anon_sym_TB = 43,
  anon_sym_TiB = 44,
  anon_sym_bin = 45,
  anon_sym_bins = 46,
  anon_sym_d = 47,
  anon_sym_day = 48,
  anon_sym_days = 49,
  anon_sym_drill = 50,
  anon_sym_drills = 51,
  anon_sym_epoch = 52,
  anon_sym_epochs = 53,
  anon_sym_example = 54,
  anon_sym_examples = 55,
  anon_sym_h = 56,
  anon_sym_hour = 57,
  anon_sym_hours = 58,
  anon_sym_kB = 59,
  anon_sym_millisecond = 60,
  anon_sym_milliseconds = 61,
  anon_sym_min = 62,
  anon_sym_minute = 63,
  anon_sym_minutes = 64,
  anon_sym_ms = 65,
  anon_sym_ns = 66,
  anon_sym_pp = 67,
  anon_sym_request = 68,
  anon_sym_requests = 69,
  anon_sym_requests_SLASHmin = 70,
  anon_sym_requests_SLASHs = 71,
  anon_sym_row = 72,
  anon_sym_rows = 73,
  anon_sym_run = 74,
  anon_sym_runs = 75,
  anon_sym_s = 76,
  anon_sym_second = 77,
  anon_sym_seconds = 78,
  anon_sym_seed = 79,
  anon_sym_seeds = 80,
  anon_sym_step = 81,
  anon_sym_steps = 82,
  anon_sym_us = 83,
  anon_sym_x = 84,
  sym_number = 85,
  sym_date = 86,
  sym_string = 87,
  sym_doc = 88,
  sym_comment = 89,
  sym__newline = 90,
  sym_spec = 91,
  sym__statement = 92,
  sym_edition = 93,
  sym_use = 94,
  sym_let = 95,
  sym_declaration = 96,
  sym_suite = 97,
  sym_expect = 98,
  sym_for_each = 99,
  sym_for_any = 100,
  sym_body = 101,
  sym_block = 102,
  sym_line = 103,
  aux_sym__items = 104,
  sym__item = 105,
  sym__value = 106,
  sym_operator = 107,
  sym_list = 108,
  sym__element = 109,
  sym_name = 110,
  sym_quantity = 111,
  sym_unit = 112,
  aux_sym_spec_repeat1 = 113,
  aux_sym_block_repeat1 = 114,
  aux_sym_list_repeat1 = 115,
  aux_sym_list_repeat2 = 116,
};

static const char * const ts_symbol_names[] = {
  [ts_builtin_sym_end] = "end",
  [sym_word] = "word",
  [anon_sym_edition] = "edition",
  [anon_sym_use] = "use",
  [anon_sym_as] = "as",
  [anon_sym_let] = "let",
  [anon_sym_EQ] = "=",
  [anon_sym_model] = "model",
  [anon_sym_data] = "data",
  [anon_sym_baseline] = "baseline",
  [anon_sym_server] = "server",
  [anon_sym_pipeline] = "pipeline",
  [anon_sym_profile] = "profile",
  [anon_sym_attest] = "attest",
  [anon_sym_suite] = "suite",
  [anon_sym_expect] = "expect",
  [anon_sym_for] = "for",
  [anon_sym_each] = "each",
  [anon_sym_in] = "in",
  [anon_sym_any] = "any",
  [anon_sym_LBRACE] = "{",
  [anon_sym_RBRACE] = "}",
  [anon_sym_COMMA] = ",",
  [anon_sym_LT_EQ] = "<=",
  [anon_sym_GT_EQ] = ">=",
  [anon_sym_BANG_EQ] = "!=",
  [anon_sym_LT] = "<",
  [anon_sym_GT] = ">",
  [anon_sym_] = "≤",
  [anon_sym_2] = "≥",
  [anon_sym_3] = "≠",
  [anon_sym_PLUS] = "+",
  [anon_sym_DASH] = "-",
  [anon_sym_DOT_DOT] = "..",
  [anon_sym_LBRACK] = "[",
  [anon_sym_RBRACK] = "]",
  [anon_sym_PERCENT] = "%",
  [anon_sym_B] = "B",
  [anon_sym_GB] = "GB",
  [anon_sym_GiB] = "GiB",
  [anon_sym_KiB] = "KiB",
  [anon_sym_MB] = "MB",
  [anon_sym_MiB] = "MiB",
  [anon_sym_TB] = "TB",
  [anon_sym_TiB] = "TiB",
  [anon_sym_bin] = "bin",
  [anon_sym_bins] = "bins",
  [anon_sym_d] = "d",
  [anon_sym_day] = "day",
  [anon_sym_days] = "days",
  [anon_sym_drill] = "drill",
  [anon_sym_drills] = "drills",
  [anon_sym_epoch] = "epoch",
  [anon_sym_epochs] = "epochs",
  [anon_sym_example] = "example",
  [anon_sym_examples] = "examples",
  [anon_sym_h] = "h",
  [anon_sym_hour] = "hour",
  [anon_sym_hours] = "hours",
  [anon_sym_kB] = "kB",
  [anon_sym_millisecond] = "millisecond",
  [anon_sym_milliseconds] = "milliseconds",
  [anon_sym_min] = "min",
  [anon_sym_minute] = "minute",
  [anon_sym_minutes] = "minutes",
  [anon_sym_ms] = "ms",
  [anon_sym_ns] = "ns",
  [anon_sym_pp] = "pp",
  [anon_sym_request] = "request",
  [anon_sym_requests] = "requests",
  [anon_sym_requests_SLASHmin] = "requests/min",
  [anon_sym_requests_SLASHs] = "requests/s",
  [anon_sym_row] = "row",
  [anon_sym_rows] = "rows",
  [anon_sym_run] = "run",
  [anon_sym_runs] = "runs",
  [anon_sym_s] = "s",
  [anon_sym_second] = "second",
  [anon_sym_seconds] = "seconds",
  [anon_sym_seed] = "seed",
  [anon_sym_seeds] = "seeds",
  [anon_sym_step] = "step",
  [anon_sym_steps] = "steps",
  [anon_sym_us] = "us",
  [anon_sym_x] = "x",
  [sym_number] = "number",
  [sym_date] = "date",
  [sym_string] = "string",
  [sym_doc] = "doc",
  [sym_comment] = "comment",
  [sym__newline] = "_newline",
  [sym_spec] = "spec",
  [sym__statement] = "_statement",
  [sym_edition] = "edition",
  [sym_use] = "use",
  [sym_let] = "let",
  [sym_declaration] = "declaration",
  [sym_suite] = "suite",
  [sym_expect] = "expect",
  [sym_for_each] = "for_each",
  [sym_for_any] = "for_any",
  [sym_body] = "body",
  [sym_block] = "block",
  [sym_line] = "line",
  [aux_sym__items] = "_items",
  [sym__item] = "_item",
  [sym__value] = "_value",
  [sym_operator] = "operator",
  [sym_list] = "list",
  [sym__element] = "_element",
  [sym_name] = "name",
  [sym_quantity] = "quantity",
  [sym_unit] = "unit",
  [aux_sym_spec_repeat1] = "spec_repeat1",
  [aux_sym_block_repeat1] = "block_repeat1",
  [aux_sym_list_repeat1] = "list_repeat1",
  [aux_sym_list_repeat2] = "list_repeat2",
};

static const TSSymbol ts_symbol_map[] = {
  [ts_builtin_sym_end] = ts_builtin_sym_end,
  [sym_word] = sym_word,
  [anon_sym_edition] = anon_sym_edition,
  [anon_sym_use] = anon_sym_use,
  [anon_sym_as] = anon_sym_as,
  [anon_sym_let] = anon_sym_let,
  [anon_sym_EQ] = anon_sym_EQ,
  [anon_sym_model] = anon_sym_model,
  [anon_sym_data] = anon_sym_data,
  [anon_sym_baseline] = anon_sym_baseline,
  [anon_sym_server] = anon_sym_server,
  [anon_sym_pipeline] = anon_sym_pipeline,
  [anon_sym_profile] = anon_sym_profile,
  [anon_sym_attest] = anon_sym_attest,
  [anon_sym_suite] = anon_sym_suite,
  [anon_sym_expect] = anon_sym_expect,
  [anon_sym_for] = anon_sym_for,
  [anon_sym_each] = anon_sym_each,
  [anon_sym_in] = anon_sym_in,
  [anon_sym_any] = anon_sym_any,
  [anon_sym_LBRACE] = anon_sym_LBRACE,
  [anon_sym_RBRACE] = anon_sym_RBRACE,
  [anon_sym_COMMA] = anon_sym_COMMA,
  [anon_sym_LT_EQ] = anon_sym_LT_EQ,
  [anon_sym_GT_EQ] = anon_sym_GT_EQ,
  [anon_sym_BANG_EQ] = anon_sym_BANG_EQ,
  [anon_sym_LT] = anon_sym_LT,
  [anon_sym_GT] = anon_sym_GT,
  [anon_sym_] = anon_sym_,
  [anon_sym_2] = anon_sym_2,
  [anon_sym_3] = anon_sym_3,
  [anon_sym_PLUS] = anon_sym_PLUS,
  [anon_sym_DASH] = anon_sym_DASH,
  [anon_sym_DOT_DOT] = anon_sym_DOT_DOT,
  [anon_sym_LBRACK] = anon_sym_LBRACK,
  [anon_sym_RBRACK] = anon_sym_RBRACK,
  [anon_sym_PERCENT] = anon_sym_PERCENT,
  [anon_sym_B] = anon_sym_B,
  [anon_sym_GB] = anon_sym_GB,
  [anon_sym_GiB] = anon_sym_GiB,
  [anon_sym_KiB] = anon_sym_KiB,
  [anon_sym_MB] = anon_sym_MB,
  [anon_sym_MiB] = anon_sym_MiB,
  [anon_sym_TB] = anon_sym_TB,
  [anon_sym_TiB] = anon_sym_TiB,
  [anon_sym_bin] = anon_sym_bin,
  [anon_sym_bins] = anon_sym_bins,
  [anon_sym_d] = anon_sym_d,
  [anon_sym_day] = anon_sym_day,
  [anon_sym_days] = anon_sym_days,
  [anon_sym_drill] = anon_sym_drill,
  [anon_sym_drills] = anon_sym_drills,
  [anon_sym_epoch] = anon_sym_epoch,
  [anon_sym_epochs] = anon_sym_epochs,
  [anon_sym_example] = anon_sym_example,
  [anon_sym_examples] = anon_sym_examples,
  [anon_sym_h] = anon_sym_h,
  [anon_sym_hour] = anon_sym_hour,
  [anon_sym_hours] = anon_sym_hours,
  [anon_sym_kB] = anon_sym_kB,
  [anon_sym_millisecond] = anon_sym_millisecond,
  [anon_sym_milliseconds] = anon_sym_milliseconds,
  [anon_sym_min] = anon_sym_min,
  [anon_sym_minute] = anon_sym_minute,
  [anon_sym_minutes] = anon_sym_minutes,
  [anon_sym_ms] = anon_sym_ms,
  [anon_sym_ns] = anon_sym_ns,
  [anon_sym_pp] = anon_sym_pp,
  [anon_sym_request] = anon_sym_request,
  [anon_sym_requests] = anon_sym_requests,
  [anon_sym_requests_SLASHmin] = anon_sym_requests_SLASHmin,
  [anon_sym_requests_SLASHs] = anon_sym_requests_SLASHs,
  [anon_sym_row] = anon_sym_row,
  [anon_sym_rows] = anon_sym_rows,
  [anon_sym_run] = anon_sym_run,
  [anon_sym_runs] = anon_sym_runs,
  [anon_sym_s] = anon_sym_s,
  [anon_sym_second] = anon_sym_second,
  [anon_sym_seconds] = anon_sym_seconds,
  [anon_sym_seed] = anon_sym_seed,
  [anon_sym_seeds] = anon_sym_seeds,
  [anon_sym_step] = anon_sym_step,
  [anon_sym_steps] = anon_sym_steps,
  [anon_sym_us] = anon_sym_us,
  [anon_sym_x] = anon_sym_x,
  [sym_number] = sym_number,
  [sym_date] = sym_date,
  [sym_string] = sym_string,
  [sym_doc] = sym_doc,
  [sym_comment] = sym_comment,
  [sym__newline] = sym__newline,
  [sym_spec] = sym_spec,
  [sym__statement] = sym__statement,
  [sym_edition] = sym_edition,
  [sym_use] = sym_use,
  [sym_let] = sym_let,
  [sym_declaration] = sym_declaration,
  [sym_suite] = sym_suite,
  [sym_expect] = sym_expect,
  [sym_for_each] = sym_for_each,
  [sym_for_any] = sym_for_any,
  [sym_body] = sym_body,
  [sym_block] = sym_block,
  [sym_line] = sym_line,
  [aux_sym__items] = aux_sym__items,
  [sym__item] = sym__item,
  [sym__value] = sym__value,
  [sym_operator] = sym_operator,
  [sym_list] = sym_list,
  [sym__element] = sym__element,
  [sym_name] = sym_name,
  [sym_quantity] = sym_quantity,
  [sym_unit] = sym_unit,
  [aux_sym_spec_repeat1] = aux_sym_spec_repeat1,
  [aux_sym_block_repeat1] = aux_sym_block_repeat1,
  [aux_sym_list_repeat1] = aux_sym_list_repeat1,
  [aux_sym_list_repeat2] = aux_sym_list_repeat2,
};

static const TSSymbolMetadata ts_symbol_metadata[] = {
  [ts_builtin_sym_end] = {
    .visible = false,
    .named = true,
  },
  [sym_word] = {
    .visible = true,
    .named = true,
  },
  [anon_sym_edition] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_use] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_as] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_let] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_EQ] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_model] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_data] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_baseline] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_server] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_pipeline] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_profile] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_attest] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_suite] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_expect] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_for] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_each] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_in] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_any] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_LBRACE] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_RBRACE] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_COMMA] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_LT_EQ] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_GT_EQ] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_BANG_EQ] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_LT] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_GT] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_2] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_3] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_PLUS] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_DASH] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_DOT_DOT] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_LBRACK] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_RBRACK] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_PERCENT] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_B] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_GB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_GiB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_KiB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_MB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_MiB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_TB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_TiB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_bin] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_bins] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_d] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_day] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_days] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_drill] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_drills] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_epoch] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_epochs] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_example] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_examples] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_h] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_hour] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_hours] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_kB] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_millisecond] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_milliseconds] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_min] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_minute] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_minutes] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_ms] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_ns] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_pp] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_request] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_requests] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_requests_SLASHmin] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_requests_SLASHs] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_row] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_rows] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_run] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_runs] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_s] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_second] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_seconds] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_seed] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_seeds] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_step] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_steps] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_us] = {
    .visible = true,
    .named = false,
  },
  [anon_sym_x] = {
    .visible = true,
    .named = false,
  },
  [sym_number] = {
    .visible = true,
    .named = true,
  },
  [sym_date] = {
    .visible = true,
    .named = true,
  },
  [sym_string] = {
    .visible = true,
    .named = true,
  },
  [sym_doc] = {
    .visible = true,
    .named = true,
  },
  [sym_comment] = {
    .visible = true,
    .named = true,
  },
  [sym__newline] = {
    .visible = false,
    .named = true,
  },
  [sym_spec] = {
    .visible = true,
    .named = true,
  },
  [sym__statement] = {
    .visible = false,
    .named = true,
  },
  [sym_edition] = {
    .visible = true,
    .named = true,
  },
  [sym_use] = {
    .visible = true,
    .named = true,
  },
  [sym_let] = {
    .visible = true,
    .named = true,
  },
  [sym_declaration] = {
    .visible = true,
    .named = true,
  },
  [sym_suite] = {
    .visible = true,
    .named = true,
  },
  [sym_expect] = {
    .visible = true,
    .named = true,
  },
  [sym_for_each] = {
    .visible = true,
    .named = true,
  },
  [sym_for_any] = {
    .visible = true,
    .named = true,
  },
  [sym_body] = {
    .visible = true,
    .named = true,
  },
  [sym_block] = {
    .visible = true,
    .named = true,
  },
  [sym_line] = {
    .visible = true,
    .named = true,
  },
  [aux_sym__items] = {
    .visible = false,
    .named = false,
  },
  [sym__item] = {
    .visible = false,
    .named = true,
  },
  [sym__value] = {
    .visible = false,
    .named = true,
  },
  [sym_operator] = {
    .visible = true,
    .named = true,
  },
  [sym_list] = {
    .visible = true,
    .named = true,
  },
  [sym__element] = {
    .visible = false,
    .named = true,
  },
  [sym_name] = {
    .visible = true,
    .named = true,
  },
  [sym_quantity] = {
    .visible = true,
    .named = true,
  },
  [sym_unit] = {
    .visible = true,
    .named = true,
  },
  [aux_sym_spec_repeat1] = {
    .visible = false,
    .named = false,
  },
  [aux_sym_block_repeat1] = {
    .visible = false,
    .named = false,
  },
  [aux_sym_list_repeat1] = {
    .visible = false,
    .named = false,
  },
  [aux_sym_list_repeat2] = {
    .visible = false,
    .named = false,
  },
};

enum {
  field_alias = 1,
  field_kind = 2,
  field_name = 3,
  field_path = 4,
  field_title = 5,
  field_values = 6,
  field_year = 7,
};

static const char * const ts_field_names[] = {
  [0] = NULL,
  [field_alias] = "alias",
  [field_kind] = "kind",
  [field_name] = "name",
  [field_path] = "path",
  [field_title] = "title",
  [field_values] = "values",
  [field_year] = "year",
};

static const TSFieldMapSlice ts_field_map_slices[PRODUCTION_ID_COUNT] = {
  [1] = {.index = 0, .length = 1},
  [2] = {.index = 1, .length = 1},
  [3] = {.index = 2, .length = 2},
  [4] = {.index = 4, .length = 1},
  [5] = {.index = 5, .length = 2},
  [6] = {.index = 7, .length = 1},
  [7] = {.index = 8, .length = 2},
};

static const TSFieldMapEntry ts_field_map_entries[] = {
  [0] =
    {field_year, 1},
  [1] =
    {field_path, 1},
  [2] =
    {field_kind, 0},
    {field_name, 1},
  [4] =
    {field_title, 1},
  [5] =
    {field_alias, 3},
    {field_path, 1},
  [7] =
    {field_name, 1},
  [8] =
    {field_name, 2},
    {field_values, 4},
};

static const TSSymbol ts_alias_sequences[PRODUCTION_ID_COUNT][MAX_ALIAS_SEQUENCE_LENGTH] = {
  [0] = {0},
};

static const uint16_t ts_non_terminal_alias_map[] = {
  0,
};

static const TSStateId ts_primary_state_ids[STATE_COUNT] = {
  [0] = 0,
  [1] = 1,
  [2] = 2,
  [3] = 2,
  [4] = 2,
  [5] = 5,
  [6] = 6,
  [7] = 7,
  [8] = 8,
  [9] = 9,
  [10] = 5,
  [11] = 6,
  [12] = 12,
  [13] = 12,
  [14] = 14,
  [15] = 15,
  [16] = 16,
  [17] = 17,
  [18] = 18,
  [19] = 18,
  [20] = 20,
  [21] = 21,
  [22] = 22,
  [23] = 23,
  [24] = 24,
  [25] = 25,
  [26] = 26,
  [27] = 24,
  [28] = 25,
  [29] = 29,
  [30] = 29,
  [31] = 31,
  [32] = 32,
  [33] = 33,
  [34] = 34,
  [35] = 35,
  [36] = 36,
  [37] = 37,
  [38] = 38,
  [39] = 38,
  [40] = 40,
  [41] = 32,
  [42] = 33,
  [43] = 40,
  [44] = 37,
  [45] = 31,
  [46] = 34,
  [47] = 36,
  [48] = 35,
  [49] = 49,
  [50] = 50,
  [51] = 51,
  [52] = 52,
  [53] = 53,
  [54] = 54,
  [55] = 51,
  [56] = 56,
  [57] = 57,
  [58] = 58,
  [59] = 56,
  [60] = 60,
  [61] = 53,
  [62] = 54,
  [63] = 60,
  [64] = 57,
  [65] = 58,
  [66] = 52,
  [67] = 67,
  [68] = 68,
  [69] = 69,
  [70] = 70,
  [71] = 71,
  [72] = 71,
  [73] = 73,
  [74] = 74,
  [75] = 75,
  [76] = 76,
  [77] = 77,
  [78] = 78,
  [79] = 79,
  [80] = 80,
  [81] = 81,
  [82] = 82,
  [83] = 83,
  [84] = 84,
  [85] = 85,
  [86] = 86,
  [87] = 87,
  [88] = 88,
  [89] = 89,
  [90] = 90,
  [91] = 91,
  [92] = 92,
  [93] = 90,
  [94] = 94,
  [95] = 87,
  [96] = 96,
  [97] = 77,
  [98] = 98,
  [99] = 76,
  [100] = 100,
  [101] = 101,
  [102] = 102,
  [103] = 103,
  [104] = 104,
  [105] = 105,
  [106] = 106,
  [107] = 107,
  [108] = 107,
  [109] = 109,
  [110] = 110,
  [111] = 111,
  [112] = 112,
  [113] = 113,
  [114] = 111,
  [115] = 115,
  [116] = 116,
  [117] = 117,
  [118] = 118,
  [119] = 118,
  [120] = 120,
  [121] = 121,
  [122] = 122,
  [123] = 123,
  [124] = 124,
  [125] = 125,
};

static bool ts_lex(TSLexer *lexer, TSStateId state) {
  START_LEXER();
  eof = lexer->eof(lexer);
  switch (state) {
    case 0:
      if (eof) ADVANCE(21);
      if (lookahead == '\n') ADVANCE(63);
      if (lookahead == '\r') ADVANCE(1);
      if (lookahead == '!') ADVANCE(7);
      if (lookahead == '"') ADVANCE(3);
      if (lookahead == '#') ADVANCE(61);
      if (lookahead == '%') ADVANCE(46);
      if (lookahead == '+') ADVANCE(34);
      if (lookahead == ',') ADVANCE(25);
      if (lookahead == '-') ADVANCE(35);
      if (lookahead == '.') ADVANCE(6);
      if (lookahead == '<') ADVANCE(29);
      if (lookahead == '=') ADVANCE(22);
      if (lookahead == '>') ADVANCE(30);
      if (lookahead == '[') ADVANCE(37);
      if (lookahead == ']') ADVANCE(38);
      if (lookahead == 'r') ADVANCE(39);
      if (lookahead == '{') ADVANCE(23);
      if (lookahead == '}') ADVANCE(24);
      if (lookahead == 8800) ADVANCE(33);
      if (lookahead == 8804) ADVANCE(31);
      if (lookahead == 8805) ADVANCE(32);
      if (('\t' <= lookahead && lookahead <= '\f') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(0)
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(54);
      if (('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 1:
      if (lookahead == '\n') ADVANCE(63);
      if (lookahead == '\r') ADVANCE(1);
      if (lookahead == '!') ADVANCE(7);
      if (lookahead == '"') ADVANCE(3);
      if (lookahead == '#') ADVANCE(61);
      if (lookahead == '%') ADVANCE(46);
      if (lookahead == '+') ADVANCE(34);
      if (lookahead == ',') ADVANCE(25);
      if (lookahead == '-') ADVANCE(35);
      if (lookahead == '.') ADVANCE(6);
      if (lookahead == '<') ADVANCE(29);
      if (lookahead == '=') ADVANCE(22);
      if (lookahead == '>') ADVANCE(30);
      if (lookahead == '[') ADVANCE(37);
      if (lookahead == ']') ADVANCE(38);
      if (lookahead == 'r') ADVANCE(39);
      if (lookahead == '{') ADVANCE(23);
      if (lookahead == '}') ADVANCE(24);
      if (lookahead == 8800) ADVANCE(33);
      if (lookahead == 8804) ADVANCE(31);
      if (lookahead == 8805) ADVANCE(32);
      if (('\t' <= lookahead && lookahead <= '\f') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(1)
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(54);
      if (('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 2:
      if (lookahead == '\n') ADVANCE(63);
      if (lookahead == '\r') ADVANCE(2);
      if (lookahead == '!') ADVANCE(7);
      if (lookahead == '"') ADVANCE(3);
      if (lookahead == '#') ADVANCE(61);
      if (lookahead == '+') ADVANCE(34);
      if (lookahead == ',') ADVANCE(25);
      if (lookahead == '-') ADVANCE(35);
      if (lookahead == '.') ADVANCE(6);
      if (lookahead == '<') ADVANCE(29);
      if (lookahead == '=') ADVANCE(22);
      if (lookahead == '>') ADVANCE(30);
      if (lookahead == '[') ADVANCE(37);
      if (lookahead == ']') ADVANCE(38);
      if (lookahead == '{') ADVANCE(23);
      if (lookahead == '}') ADVANCE(24);
      if (lookahead == 8800) ADVANCE(33);
      if (lookahead == 8804) ADVANCE(31);
      if (lookahead == 8805) ADVANCE(32);
      if (('\t' <= lookahead && lookahead <= '\f') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(2)
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(54);
      if (('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 3:
      if (lookahead == '"') ADVANCE(59);
      if (lookahead == '\\') ADVANCE(19);
      if (lookahead != 0 &&
          lookahead != '\n' &&
          lookahead != '\r') ADVANCE(3);
      END_STATE();
    case 4:
      if (lookahead == '#') ADVANCE(61);
      if (lookahead == '\t' ||
          (11 <= lookahead && lookahead <= '\r') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(4)
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(55);
      END_STATE();
    case 5:
      if (lookahead == '-') ADVANCE(17);
      END_STATE();
    case 6:
      if (lookahead == '.') ADVANCE(36);
      END_STATE();
    case 7:
      if (lookahead == '=') ADVANCE(28);
      END_STATE();
    case 8:
      if (lookahead == 'i') ADVANCE(10);
      END_STATE();
    case 9:
      if (lookahead == 'm') ADVANCE(8);
      if (lookahead == 's') ADVANCE(50);
      END_STATE();
    case 10:
      if (lookahead == 'n') ADVANCE(49);
      END_STATE();
    case 11:
      if (lookahead == '+' ||
          lookahead == '-') ADVANCE(13);
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(57);
      END_STATE();
    case 12:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(56);
      END_STATE();
    case 13:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(57);
      END_STATE();
    case 14:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(5);
      END_STATE();
    case 15:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(58);
      END_STATE();
    case 16:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(14);
      END_STATE();
    case 17:
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(15);
      END_STATE();
    case 18:
      if (('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 19:
      if (lookahead != 0 &&
          lookahead != '\n' &&
          lookahead != '\r') ADVANCE(3);
      END_STATE();
    case 20:
      if (eof) ADVANCE(21);
      if (lookahead == '\n') ADVANCE(63);
      if (lookahead == '\r') ADVANCE(2);
      if (lookahead == '!') ADVANCE(7);
      if (lookahead == '"') ADVANCE(3);
      if (lookahead == '#') ADVANCE(61);
      if (lookahead == '+') ADVANCE(34);
      if (lookahead == ',') ADVANCE(25);
      if (lookahead == '-') ADVANCE(35);
      if (lookahead == '.') ADVANCE(6);
      if (lookahead == '<') ADVANCE(29);
      if (lookahead == '=') ADVANCE(22);
      if (lookahead == '>') ADVANCE(30);
      if (lookahead == '[') ADVANCE(37);
      if (lookahead == ']') ADVANCE(38);
      if (lookahead == '{') ADVANCE(23);
      if (lookahead == '}') ADVANCE(24);
      if (lookahead == 8800) ADVANCE(33);
      if (lookahead == 8804) ADVANCE(31);
      if (lookahead == 8805) ADVANCE(32);
      if (('\t' <= lookahead && lookahead <= '\f') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(20)
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(54);
      if (('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 21:
      ACCEPT_TOKEN(ts_builtin_sym_end);
      END_STATE();
    case 22:
      ACCEPT_TOKEN(anon_sym_EQ);
      END_STATE();
    case 23:
      ACCEPT_TOKEN(anon_sym_LBRACE);
      END_STATE();
    case 24:
      ACCEPT_TOKEN(anon_sym_RBRACE);
      END_STATE();
    case 25:
      ACCEPT_TOKEN(anon_sym_COMMA);
      END_STATE();
    case 26:
      ACCEPT_TOKEN(anon_sym_LT_EQ);
      END_STATE();
    case 27:
      ACCEPT_TOKEN(anon_sym_GT_EQ);
      END_STATE();
    case 28:
      ACCEPT_TOKEN(anon_sym_BANG_EQ);
      END_STATE();
    case 29:
      ACCEPT_TOKEN(anon_sym_LT);
      if (lookahead == '=') ADVANCE(26);
      END_STATE();
    case 30:
      ACCEPT_TOKEN(anon_sym_GT);
      if (lookahead == '=') ADVANCE(27);
      END_STATE();
    case 31:
      ACCEPT_TOKEN(anon_sym_);
      END_STATE();
    case 32:
      ACCEPT_TOKEN(anon_sym_2);
      END_STATE();
    case 33:
      ACCEPT_TOKEN(anon_sym_3);
      END_STATE();
    case 34:
      ACCEPT_TOKEN(anon_sym_PLUS);
      END_STATE();
    case 35:
      ACCEPT_TOKEN(anon_sym_DASH);
      END_STATE();
    case 36:
      ACCEPT_TOKEN(anon_sym_DOT_DOT);
      END_STATE();
    case 37:
      ACCEPT_TOKEN(anon_sym_LBRACK);
      END_STATE();
    case 38:
      ACCEPT_TOKEN(anon_sym_RBRACK);
      END_STATE();
    case 39:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 'e') ADVANCE(41);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 40:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 'e') ADVANCE(42);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 41:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 'q') ADVANCE(44);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 42:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 's') ADVANCE(43);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 43:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 't') ADVANCE(47);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 44:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 'u') ADVANCE(40);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 45:
      ACCEPT_TOKEN(sym_word);
      if (lookahead == '.') ADVANCE(18);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 46:
      ACCEPT_TOKEN(anon_sym_PERCENT);
      END_STATE();
    case 47:
      ACCEPT_TOKEN(anon_sym_request);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == 's') ADVANCE(48);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 48:
      ACCEPT_TOKEN(anon_sym_requests);
      if (lookahead == '.') ADVANCE(18);
      if (lookahead == '/') ADVANCE(9);
      if (('0' <= lookahead && lookahead <= '9') ||
          ('A' <= lookahead && lookahead <= 'Z') ||
          lookahead == '_' ||
          ('a' <= lookahead && lookahead <= 'z')) ADVANCE(45);
      END_STATE();
    case 49:
      ACCEPT_TOKEN(anon_sym_requests_SLASHmin);
      END_STATE();
    case 50:
      ACCEPT_TOKEN(anon_sym_requests_SLASHs);
      END_STATE();
    case 51:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == '-') ADVANCE(16);
      if (lookahead == '.') ADVANCE(12);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9') ||
          lookahead == '_') ADVANCE(55);
      END_STATE();
    case 52:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == '.') ADVANCE(12);
      if (lookahead == '_') ADVANCE(55);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(51);
      END_STATE();
    case 53:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == '.') ADVANCE(12);
      if (lookahead == '_') ADVANCE(55);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(52);
      END_STATE();
    case 54:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == '.') ADVANCE(12);
      if (lookahead == '_') ADVANCE(55);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(53);
      END_STATE();
    case 55:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == '.') ADVANCE(12);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9') ||
          lookahead == '_') ADVANCE(55);
      END_STATE();
    case 56:
      ACCEPT_TOKEN(sym_number);
      if (lookahead == 'E' ||
          lookahead == 'e') ADVANCE(11);
      if (('0' <= lookahead && lookahead <= '9') ||
          lookahead == '_') ADVANCE(56);
      END_STATE();
    case 57:
      ACCEPT_TOKEN(sym_number);
      if (('0' <= lookahead && lookahead <= '9')) ADVANCE(57);
      END_STATE();
    case 58:
      ACCEPT_TOKEN(sym_date);
      END_STATE();
    case 59:
      ACCEPT_TOKEN(sym_string);
      END_STATE();
    case 60:
      ACCEPT_TOKEN(sym_doc);
      if (lookahead != 0 &&
          lookahead != '\n' &&
          lookahead != '\r') ADVANCE(60);
      END_STATE();
    case 61:
      ACCEPT_TOKEN(sym_comment);
      if (lookahead == '#') ADVANCE(60);
      if (lookahead != 0 &&
          lookahead != '\n' &&
          lookahead != '\r') ADVANCE(62);
      END_STATE();
    case 62:
      ACCEPT_TOKEN(sym_comment);
      if (lookahead != 0 &&
          lookahead != '\n' &&
          lookahead != '\r') ADVANCE(62);
      END_STATE();
    case 63:
      ACCEPT_TOKEN(sym__newline);
      END_STATE();
    default:
      return false;
  }
}

static bool ts_lex_keywords(TSLexer *lexer, TSStateId state) {
  START_LEXER();
  eof = lexer->eof(lexer);
  switch (state) {
    case 0:
      if (lookahead == 'B') ADVANCE(1);
      if (lookahead == 'G') ADVANCE(2);
      if (lookahead == 'K') ADVANCE(3);
      if (lookahead == 'M') ADVANCE(4);
      if (lookahead == 'T') ADVANCE(5);
      if (lookahead == 'a') ADVANCE(6);
      if (lookahead == 'b') ADVANCE(7);
      if (lookahead == 'd') ADVANCE(8);
      if (lookahead == 'e') ADVANCE(9);
      if (lookahead == 'f') ADVANCE(10);
      if (lookahead == 'h') ADVANCE(11);
      if (lookahead == 'i') ADVANCE(12);
      if (lookahead == 'k') ADVANCE(13);
      if (lookahead == 'l') ADVANCE(14);
      if (lookahead == 'm') ADVANCE(15);
      if (lookahead == 'n') ADVANCE(16);
      if (lookahead == 'p') ADVANCE(17);
      if (lookahead == 'r') ADVANCE(18);
      if (lookahead == 's') ADVANCE(19);
      if (lookahead == 'u') ADVANCE(20);
      if (lookahead == 'x') ADVANCE(21);
      if (lookahead == '\t' ||
          (11 <= lookahead && lookahead <= '\r') ||
          lookahead == ' ' ||
          lookahead == 65279) SKIP(0)
      END_STATE();
    case 1:
      ACCEPT_TOKEN(anon_sym_B);
      END_STATE();
    case 2:
      if (lookahead == 'B') ADVANCE(22);
      if (lookahead == 'i') ADVANCE(23);
      END_STATE();
    case 3:
      if (lookahead == 'i') ADVANCE(24);
      END_STATE();
    case 4:
      if (lookahead == 'B') ADVANCE(25);
      if (lookahead == 'i') ADVANCE(26);
      END_STATE();
    case 5:
      if (lookahead == 'B') ADVANCE(27);
      if (lookahead == 'i') ADVANCE(28);
      END_STATE();
    case 6:
      if (lookahead == 'n') ADVANCE(29);
      if (lookahead == 's') ADVANCE(30);
      if (lookahead == 't') ADVANCE(31);
      END_STATE();
    case 7:
      if (lookahead == 'a') ADVANCE(32);
      if (lookahead == 'i') ADVANCE(33);
      END_STATE();
    case 8:
      ACCEPT_TOKEN(anon_sym_d);
      if (lookahead == 'a') ADVANCE(34);
      if (lookahead == 'r') ADVANCE(35);
      END_STATE();
    case 9:
      if (lookahead == 'a') ADVANCE(36);
      if (lookahead == 'd') ADVANCE(37);
      if (lookahead == 'p') ADVANCE(38);
      if (lookahead == 'x') ADVANCE(39);
      END_STATE();
    case 10:
      if (lookahead == 'o') ADVANCE(40);
      END_STATE();
    case 11:
      ACCEPT_TOKEN(anon_sym_h);
      if (lookahead == 'o') ADVANCE(41);
      END_STATE();
    case 12:
      if (lookahead == 'n') ADVANCE(42);
      END_STATE();
    case 13:
      if (lookahead == 'B') ADVANCE(43);
      END_STATE();
    case 14:
      if (lookahead == 'e') ADVANCE(44);
      END_STATE();
    case 15:
      if (lookahead == 'i') ADVANCE(45);
      if (lookahead == 'o') ADVANCE(46);
      if (lookahead == 's') ADVANCE(47);
      END_STATE();
    case 16:
      if (lookahead == 's') ADVANCE(48);
      END_STATE();
    case 17:
      if (lookahead == 'i') ADVANCE(49);
      if (lookahead == 'p') ADVANCE(50);
      if (lookahead == 'r') ADVANCE(51);
      END_STATE();
    case 18:
      if (lookahead == 'o') ADVANCE(52);
      if (lookahead == 'u') ADVANCE(53);
      END_STATE();
    case 19:
      ACCEPT_TOKEN(anon_sym_s);
      if (lookahead == 'e') ADVANCE(54);
      if (lookahead == 't') ADVANCE(55);
      if (lookahead == 'u') ADVANCE(56);
      END_STATE();
    case 20:
      if (lookahead == 's') ADVANCE(57);
      END_STATE();
    case 21:
      ACCEPT_TOKEN(anon_sym_x);
      END_STATE();
    case 22:
      ACCEPT_TOKEN(anon_sym_GB);
      END_STATE();
    case 23:
      if (lookahead == 'B') ADVANCE(58);
      END_STATE();
    case 24:
      if (lookahead == 'B') ADVANCE(59);
      END_STATE();
    case 25:
      ACCEPT_TOKEN(anon_sym_MB);
      END_STATE();
    case 26:
      if (lookahead == 'B') ADVANCE(60);
      END_STATE();
    case 27:
      ACCEPT_TOKEN(anon_sym_TB);
      END_STATE();
    case 28:
      if (lookahead == 'B') ADVANCE(61);
      END_STATE();
    case 29:
      if (lookahead == 'y') ADVANCE(62);
      END_STATE();
    case 30:
      ACCEPT_TOKEN(anon_sym_as);
      END_STATE();
    case 31:
      if (lookahead == 't') ADVANCE(63);
      END_STATE();
    case 32:
      if (lookahead == 's') ADVANCE(64);
      END_STATE();
    case 33:
      if (lookahead == 'n') ADVANCE(65);
      END_STATE();
    case 34:
      if (lookahead == 't') ADVANCE(66);
      if (lookahead == 'y') ADVANCE(67);
      END_STATE();
    case 35:
      if (lookahead == 'i') ADVANCE(68);
      END_STATE();
    case 36:
      if (lookahead == 'c') ADVANCE(69);
      END_STATE();
    case 37:
      if (lookahead == 'i') ADVANCE(70);
      END_STATE();
    case 38:
      if (lookahead == 'o') ADVANCE(71);
      END_STATE();
    case 39:
      if (lookahead == 'a') ADVANCE(72);
      if (lookahead == 'p') ADVANCE(73);
      END_STATE();
    case 40:
      if (lookahead == 'r') ADVANCE(74);
      END_STATE();
    case 41:
      if (lookahead == 'u') ADVANCE(75);
      END_STATE();
    case 42:
      ACCEPT_TOKEN(anon_sym_in);
      END_STATE();
    case 43:
      ACCEPT_TOKEN(anon_sym_kB);
      END_STATE();
    case 44:
      if (lookahead == 't') ADVANCE(76);
      END_STATE();
    case 45:
      if (lookahead == 'l') ADVANCE(77);
      if (lookahead == 'n') ADVANCE(78);
      END_STATE();
    case 46:
      if (lookahead == 'd') ADVANCE(79);
      END_STATE();
    case 47:
      ACCEPT_TOKEN(anon_sym_ms);
      END_STATE();
    case 48:
      ACCEPT_TOKEN(anon_sym_ns);
      END_STATE();
    case 49:
      if (lookahead == 'p') ADVANCE(80);
      END_STATE();
    case 50:
      ACCEPT_TOKEN(anon_sym_pp);
      END_STATE();
    case 51:
      if (lookahead == 'o') ADVANCE(81);
      END_STATE();
    case 52:
      if (lookahead == 'w') ADVANCE(82);
      END_STATE();
    case 53:
      if (lookahead == 'n') ADVANCE(83);
      END_STATE();
    case 54:
      if (lookahead == 'c') ADVANCE(84);
      if (lookahead == 'e') ADVANCE(85);
      if (lookahead == 'r') ADVANCE(86);
      END_STATE();
    case 55:
      if (lookahead == 'e') ADVANCE(87);
      END_STATE();
    case 56:
      if (lookahead == 'i') ADVANCE(88);
      END_STATE();
    case 57:
      ACCEPT_TOKEN(anon_sym_us);
      if (lookahead == 'e') ADVANCE(89);
      END_STATE();
    case 58:
      ACCEPT_TOKEN(anon_sym_GiB);
      END_STATE();
    case 59:
      ACCEPT_TOKEN(anon_sym_KiB);
      END_STATE();
    case 60:
      ACCEPT_TOKEN(anon_sym_MiB);
      END_STATE();
    case 61:
      ACCEPT_TOKEN(anon_sym_TiB);
      END_STATE();
    case 62:
      ACCEPT_TOKEN(anon_sym_any);
      END_STATE();
    case 63:
      if (lookahead == 'e') ADVANCE(90);
      END_STATE();
    case 64:
      if (lookahead == 'e') ADVANCE(91);
      END_STATE();
    case 65:
      ACCEPT_TOKEN(anon_sym_bin);
      if (lookahead == 's') ADVANCE(92);
      END_STATE();
    case 66:
      if (lookahead == 'a') ADVANCE(93);
      END_STATE();
    case 67:
      ACCEPT_TOKEN(anon_sym_day);
      if (lookahead == 's') ADVANCE(94);
      END_STATE();
    case 68:
      if (lookahead == 'l') ADVANCE(95);
      END_STATE();
    case 69:
      if (lookahead == 'h') ADVANCE(96);
      END_STATE();
    case 70:
      if (lookahead == 't') ADVANCE(97);
      END_STATE();
    case 71:
      if (lookahead == 'c') ADVANCE(98);
      END_STATE();
    case 72:
      if (lookahead == 'm') ADVANCE(99);
      END_STATE();
    case 73:
      if (lookahead == 'e') ADVANCE(100);
      END_STATE();
    case 74:
      ACCEPT_TOKEN(anon_sym_for);
      END_STATE();
    case 75:
      if (lookahead == 'r') ADVANCE(101);
      END_STATE();
    case 76:
      ACCEPT_TOKEN(anon_sym_let);
      END_STATE();
    case 77:
      if (lookahead == 'l') ADVANCE(102);
      END_STATE();
    case 78:
      ACCEPT_TOKEN(anon_sym_min);
      if (lookahead == 'u') ADVANCE(103);
      END_STATE();
    case 79:
      if (lookahead == 'e') ADVANCE(104);
      END_STATE();
    case 80:
      if (lookahead == 'e') ADVANCE(105);
      END_STATE();
    case 81:
      if (lookahead == 'f') ADVANCE(106);
      END_STATE();
    case 82:
      ACCEPT_TOKEN(anon_sym_row);
      if (lookahead == 's') ADVANCE(107);
      END_STATE();
    case 83:
      ACCEPT_TOKEN(anon_sym_run);
      if (lookahead == 's') ADVANCE(108);
      END_STATE();
    case 84:
      if (lookahead == 'o') ADVANCE(109);
      END_STATE();
    case 85:
      if (lookahead == 'd') ADVANCE(110);
      END_STATE();
    case 86:
      if (lookahead == 'v') ADVANCE(111);
      END_STATE();
    case 87:
      if (lookahead == 'p') ADVANCE(112);
      END_STATE();
    case 88:
      if (lookahead == 't') ADVANCE(113);
      END_STATE();
    case 89:
      ACCEPT_TOKEN(anon_sym_use);
      END_STATE();
    case 90:
      if (lookahead == 's') ADVANCE(114);
      END_STATE();
    case 91:
      if (lookahead == 'l') ADVANCE(115);
      END_STATE();
    case 92:
      ACCEPT_TOKEN(anon_sym_bins);
      END_STATE();
    case 93:
      ACCEPT_TOKEN(anon_sym_data);
      END_STATE();
    case 94:
      ACCEPT_TOKEN(anon_sym_days);
      END_STATE();
    case 95:
      if (lookahead == 'l') ADVANCE(116);
      END_STATE();
    case 96:
      ACCEPT_TOKEN(anon_sym_each);
      END_STATE();
    case 97:
      if (lookahead == 'i') ADVANCE(117);
      END_STATE();
    case 98:
      if (lookahead == 'h') ADVANCE(118);
      END_STATE();
    case 99:
      if (lookahead == 'p') ADVANCE(119);
      END_STATE();
    case 100:
      if (lookahead == 'c') ADVANCE(120);
      END_STATE();
    case 101:
      ACCEPT_TOKEN(anon_sym_hour);
      if (lookahead == 's') ADVANCE(121);
      END_STATE();
    case 102:
      if (lookahead == 'i') ADVANCE(122);
      END_STATE();
    case 103:
      if (lookahead == 't') ADVANCE(123);
      END_STATE();
    case 104:
      if (lookahead == 'l') ADVANCE(124);
      END_STATE();
    case 105:
      if (lookahead == 'l') ADVANCE(125);
      END_STATE();
    case 106:
      if (lookahead == 'i') ADVANCE(126);
      END_STATE();
    case 107:
      ACCEPT_TOKEN(anon_sym_rows);
      END_STATE();
    case 108:
      ACCEPT_TOKEN(anon_sym_runs);
      END_STATE();
    case 109:
      if (lookahead == 'n') ADVANCE(127);
      END_STATE();
    case 110:
      ACCEPT_TOKEN(anon_sym_seed);
      if (lookahead == 's') ADVANCE(128);
      END_STATE();
    case 111:
      if (lookahead == 'e') ADVANCE(129);
      END_STATE();
    case 112:
      ACCEPT_TOKEN(anon_sym_step);
      if (lookahead == 's') ADVANCE(130);
      END_STATE();
    case 113:
      if (lookahead == 'e') ADVANCE(131);
      END_STATE();
    case 114:
      if (lookahead == 't') ADVANCE(132);
      END_STATE();
    case 115:
      if (lookahead == 'i') ADVANCE(133);
      END_STATE();
    case 116:
      ACCEPT_TOKEN(anon_sym_drill);
      if (lookahead == 's') ADVANCE(134);
      END_STATE();
    case 117:
      if (lookahead == 'o') ADVANCE(135);
      END_STATE();
    case 118:
      ACCEPT_TOKEN(anon_sym_epoch);
      if (lookahead == 's') ADVANCE(136);
      END_STATE();
    case 119:
      if (lookahead == 'l') ADVANCE(137);
      END_STATE();
    case 120:
      if (lookahead == 't') ADVANCE(138);
      END_STATE();
    case 121:
      ACCEPT_TOKEN(anon_sym_hours);
      END_STATE();
    case 122:
      if (lookahead == 's') ADVANCE(139);
      END_STATE();
    case 123:
      if (lookahead == 'e') ADVANCE(140);
      END_STATE();
    case 124:
      ACCEPT_TOKEN(anon_sym_model);
      END_STATE();
    case 125:
      if (lookahead == 'i') ADVANCE(141);
      END_STATE();
    case 126:
      if (lookahead == 'l') ADVANCE(142);
      END_STATE();
    case 127:
      if (lookahead == 'd') ADVANCE(143);
      END_STATE();
    case 128:
      ACCEPT_TOKEN(anon_sym_seeds);
      END_STATE();
    case 129:
      if (lookahead == 'r') ADVANCE(144);
      END_STATE();
    case 130:
      ACCEPT_TOKEN(anon_sym_steps);
      END_STATE();
    case 131:
      ACCEPT_TOKEN(anon_sym_suite);
      END_STATE();
    case 132:
      ACCEPT_TOKEN(anon_sym_attest);
      END_STATE();
    case 133:
      if (lookahead == 'n') ADVANCE(145);
      END_STATE();
    case 134:
      ACCEPT_TOKEN(anon_sym_drills);
      END_STATE();
    case 135:
      if (lookahead == 'n') ADVANCE(146);
      END_STATE();
    case 136:
      ACCEPT_TOKEN(anon_sym_epochs);
      END_STATE();
    case 137:
      if (lookahead == 'e') ADVANCE(147);
      END_STATE();
    case 138:
      ACCEPT_TOKEN(anon_sym_expect);
      END_STATE();
    case 139:
      if (lookahead == 'e') ADVANCE(148);
      END_STATE();
    case 140:
      ACCEPT_TOKEN(anon_sym_minute);
      if (lookahead == 's') ADVANCE(149);
      END_STATE();
    case 141:
      if (lookahead == 'n') ADVANCE(150);
      END_STATE();
    case 142:
      if (lookahead == 'e') ADVANCE(151);
      END_STATE();
    case 143:
      ACCEPT_TOKEN(anon_sym_second);
      if (lookahead == 's') ADVANCE(152);
      END_STATE();
    case 144:
      ACCEPT_TOKEN(anon_sym_server);
      END_STATE();
    case 145:
      if (lookahead == 'e') ADVANCE(153);
      END_STATE();
    case 146:
      ACCEPT_TOKEN(anon_sym_edition);
      END_STATE();
    case 147:
      ACCEPT_TOKEN(anon_sym_example);
      if (lookahead == 's') ADVANCE(154);
      END_STATE();
    case 148:
      if (lookahead == 'c') ADVANCE(155);
      END_STATE();
    case 149:
      ACCEPT_TOKEN(anon_sym_minutes);
      END_STATE();
    case 150:
      if (lookahead == 'e') ADVANCE(156);
      END_STATE();
    case 151:
      ACCEPT_TOKEN(anon_sym_profile);
      END_STATE();
    case 152:
      ACCEPT_TOKEN(anon_sym_seconds);
      END_STATE();
    case 153:
      ACCEPT_TOKEN(anon_sym_baseline);
      END_STATE();
    case 154:
      ACCEPT_TOKEN(anon_sym_examples);
      END_STATE();
    case 155:
      if (lookahead == 'o') ADVANCE(157);
      END_STATE();
    case 156:
      ACCEPT_TOKEN(anon_sym_pipeline);
      END_STATE();
    case 157:
      if (lookahead == 'n') ADVANCE(158);
      END_STATE();
    case 158:
      if (lookahead == 'd') ADVANCE(159);
      END_STATE();
    case 159:
      ACCEPT_TOKEN(anon_sym_millisecond);
      if (lookahead == 's') ADVANCE(160);
      END_STATE();
    case 160:
      ACCEPT_TOKEN(anon_sym_milliseconds);
      END_STATE();
    default:
      return false;
  }
}

static const TSLexMode ts_lex_modes[STATE_COUNT] = {
  [0] = {.lex_state = 0},
  [1] = {.lex_state = 20},
  [2] = {.lex_state = 0},
  [3] = {.lex_state = 0},
  [4] = {.lex_state = 0},
  [5] = {.lex_state = 20},
  [6] = {.lex_state = 20},
  [7] = {.lex_state = 20},
  [8] = {.lex_state = 20},
  [9] = {.lex_state = 20},
  [10] = {.lex_state = 20},
  [11] = {.lex_state = 20},
  [12] = {.lex_state = 20},
  [13] = {.lex_state = 20},
  [14] = {.lex_state = 20},
  [15] = {.lex_state = 20},
  [16] = {.lex_state = 20},
  [17] = {.lex_state = 20},
  [18] = {.lex_state = 20},
  [19] = {.lex_state = 20},
  [20] = {.lex_state = 20},
  [21] = {.lex_state = 20},
  [22] = {.lex_state = 20},
  [23] = {.lex_state = 20},
  [24] = {.lex_state = 20},
  [25] = {.lex_state = 20},
  [26] = {.lex_state = 20},
  [27] = {.lex_state = 20},
  [28] = {.lex_state = 20},
  [29] = {.lex_state = 20},
  [30] = {.lex_state = 20},
  [31] = {.lex_state = 20},
  [32] = {.lex_state = 20},
  [33] = {.lex_state = 20},
  [34] = {.lex_state = 20},
  [35] = {.lex_state = 20},
  [36] = {.lex_state = 20},
  [37] = {.lex_state = 20},
  [38] = {.lex_state = 20},
  [39] = {.lex_state = 20},
  [40] = {.lex_state = 20},
  [41] = {.lex_state = 20},
  [42] = {.lex_state = 20},
  [43] = {.lex_state = 20},
  [44] = {.lex_state = 20},
  [45] = {.lex_state = 20},
  [46] = {.lex_state = 20},
  [47] = {.lex_state = 20},
  [48] = {.lex_state = 20},
  [49] = {.lex_state = 20},
  [50] = {.lex_state = 20},
  [51] = {.lex_state = 20},
  [52] = {.lex_state = 20},
  [53] = {.lex_state = 20},
  [54] = {.lex_state = 20},
  [55] = {.lex_state = 20},
  [56] = {.lex_state = 20},
  [57] = {.lex_state = 20},
  [58] = {.lex_state = 20},
  [59] = {.lex_state = 20},
  [60] = {.lex_state = 20},
  [61] = {.lex_state = 20},
  [62] = {.lex_state = 20},
  [63] = {.lex_state = 20},
  [64] = {.lex_state = 20},
  [65] = {.lex_state = 20},
  [66] = {.lex_state = 20},
  [67] = {.lex_state = 20},
  [68] = {.lex_state = 20},
  [69] = {.lex_state = 20},
  [70] = {.lex_state = 20},
  [71] = {.lex_state = 0},
  [72] = {.lex_state = 0},
  [73] = {.lex_state = 0},
  [74] = {.lex_state = 20},
  [75] = {.lex_state = 0},
  [76] = {.lex_state = 0},
  [77] = {.lex_state = 0},
  [78] = {.lex_state = 0},
  [79] = {.lex_state = 0},
  [80] = {.lex_state = 0},
  [81] = {.lex_state = 0},
  [82] = {.lex_state = 0},
  [83] = {.lex_state = 0},
  [84] = {.lex_state = 0},
  [85] = {.lex_state = 0},
  [86] = {.lex_state = 0},
  [87] = {.lex_state = 0},
  [88] = {.lex_state = 0},
  [89] = {.lex_state = 0},
  [90] = {.lex_state = 0},
  [91] = {.lex_state = 0},
  [92] = {.lex_state = 0},
  [93] = {.lex_state = 0},
  [94] = {.lex_state = 0},
  [95] = {.lex_state = 0},
  [96] = {.lex_state = 0},
  [97] = {.lex_state = 0},
  [98] = {.lex_state = 0},
  [99] = {.lex_state = 0},
  [100] = {.lex_state = 0},
  [101] = {.lex_state = 0},
  [102] = {.lex_state = 0},
  [103] = {.lex_state = 0},
  [104] = {.lex_state = 0},
  [105] = {.lex_state = 0},
  [106] = {.lex_state = 0},
  [107] = {.lex_state = 20},
  [108] = {.lex_state = 20},
  [109] = {.lex_state = 20},
  [110] = {.lex_state = 0},
  [111] = {.lex_state = 20},
  [112] = {.lex_state = 20},
  [113] = {.lex_state = 0},
  [114] = {.lex_state = 20},
  [115] = {.lex_state = 20},
  [116] = {.lex_state = 0},
  [117] = {.lex_state = 20},
  [118] = {.lex_state = 0},
  [119] = {.lex_state = 0},
  [120] = {.lex_state = 0},
  [121] = {.lex_state = 4},
  [122] = {.lex_state = 0},
  [123] = {.lex_state = 0},
  [124] = {.lex_state = 0},
  [125] = {.lex_state = 0},
};

static const uint16_t ts_parse_table[LARGE_STATE_COUNT][SYMBOL_COUNT] = {
  [0] = {
    [ts_builtin_sym_end] = ACTIONS(1),
    [sym_word] = ACTIONS(1),
    [anon_sym_edition] = ACTIONS(1),
    [anon_sym_use] = ACTIONS(1),
    [anon_sym_as] = ACTIONS(1),
    [anon_sym_let] = ACTIONS(1),
    [anon_sym_EQ] = ACTIONS(1),
    [anon_sym_model] = ACTIONS(1),
    [anon_sym_data] = ACTIONS(1),
    [anon_sym_baseline] = ACTIONS(1),
    [anon_sym_server] = ACTIONS(1),
    [anon_sym_pipeline] = ACTIONS(1),
    [anon_sym_profile] = ACTIONS(1),
    [anon_sym_attest] = ACTIONS(1),
    [anon_sym_suite] = ACTIONS(1),
    [anon_sym_expect] = ACTIONS(1),
    [anon_sym_for] = ACTIONS(1),
    [anon_sym_each] = ACTIONS(1),
    [anon_sym_in] = ACTIONS(1),
    [anon_sym_any] = ACTIONS(1),
    [anon_sym_LBRACE] = ACTIONS(1),
    [anon_sym_RBRACE] = ACTIONS(1),
    [anon_sym_COMMA] = ACTIONS(1),
    [anon_sym_LT_EQ] = ACTIONS(1),
    [anon_sym_GT_EQ] = ACTIONS(1),
    [anon_sym_BANG_EQ] = ACTIONS(1),
    [anon_sym_LT] = ACTIONS(1),
    [anon_sym_GT] = ACTIONS(1),
    [anon_sym_] = ACTIONS(1),
    [anon_sym_2] = ACTIONS(1),
    [anon_sym_3] = ACTIONS(1),
    [anon_sym_PLUS] = ACTIONS(1),
    [anon_sym_DASH] = ACTIONS(1),
    [anon_sym_DOT_DOT] = ACTIONS(1),
    [anon_sym_LBRACK] = ACTIONS(1),
    [anon_sym_RBRACK] = ACTIONS(1),
    [anon_sym_PERCENT] = ACTIONS(1),
    [anon_sym_B] = ACTIONS(1),
    [anon_sym_GB] = ACTIONS(1),
    [anon_sym_GiB] = ACTIONS(1),
    [anon_sym_KiB] = ACTIONS(1),
    [anon_sym_MB] = ACTIONS(1),
    [anon_sym_MiB] = ACTIONS(1),
    [anon_sym_TB] = ACTIONS(1),
    [anon_sym_TiB] = ACTIONS(1),
    [anon_sym_bin] = ACTIONS(1),
    [anon_sym_bins] = ACTIONS(1),
    [anon_sym_d] = ACTIONS(1),
    [anon_sym_day] = ACTIONS(1),
    [anon_sym_days] = ACTIONS(1),
    [anon_sym_drill] = ACTIONS(1),
    [anon_sym_drills] = ACTIONS(1),
    [anon_sym_epoch] = ACTIONS(1),
    [anon_sym_epochs] = ACTIONS(1),
    [anon_sym_example] = ACTIONS(1),
    [anon_sym_examples] = ACTIONS(1),
    [anon_sym_h] = ACTIONS(1),
    [anon_sym_hour] = ACTIONS(1),
    [anon_sym_hours] = ACTIONS(1),
    [anon_sym_kB] = ACTIONS(1),
    [anon_sym_millisecond] = ACTIONS(1),
    [anon_sym_milliseconds] = ACTIONS(1),
    [anon_sym_min] = ACTIONS(1),
    [anon_sym_minute] = ACTIONS(1),
    [anon_sym_minutes] = ACTIONS(1),
    [anon_sym_ms] = ACTIONS(1),
    [anon_sym_ns] = ACTIONS(1),
    [anon_sym_pp] = ACTIONS(1),
    [anon_sym_request] = ACTIONS(1),
    [anon_sym_requests] = ACTIONS(1),
    [anon_sym_requests_SLASHmin] = ACTIONS(1),
    [anon_sym_requests_SLASHs] = ACTIONS(1),
    [anon_sym_row] = ACTIONS(1),
    [anon_sym_rows] = ACTIONS(1),
    [anon_sym_run] = ACTIONS(1),
    [anon_sym_runs] = ACTIONS(1),
    [anon_sym_s] = ACTIONS(1),
    [anon_sym_second] = ACTIONS(1),
    [anon_sym_seconds] = ACTIONS(1),
    [anon_sym_seed] = ACTIONS(1),
    [anon_sym_seeds] = ACTIONS(1),
    [anon_sym_step] = ACTIONS(1),
    [anon_sym_steps] = ACTIONS(1),
    [anon_sym_us] = ACTIONS(1),
    [anon_sym_x] = ACTIONS(1),
    [sym_number] = ACTIONS(1),
    [sym_date] = ACTIONS(1),
    [sym_string] = ACTIONS(1),
    [sym_doc] = ACTIONS(3),
    [sym_comment] = ACTIONS(5),
    [sym__newline] = ACTIONS(1),
  },
  [1] = {
    [sym_spec] = STATE(123),
    [sym__statement] = STATE(105),
    [sym_edition] = STATE(105),
    [sym_use] = STATE(105),
    [sym_let] = STATE(105),
    [sym_declaration] = STATE(105),
    [sym_suite] = STATE(105),
    [sym_expect] = STATE(105),
    [sym_for_each] = STATE(105),
    [sym_for_any] = STATE(105),
    [aux_sym_spec_repeat1] = STATE(22),
    [ts_builtin_sym_end] = ACTIONS(7),
    [anon_sym_edition] = ACTIONS(9),
    [anon_sym_use] = ACTIONS(11),
    [anon_sym_let] = ACTIONS(13),
    [anon_sym_model] = ACTIONS(15),
    [anon_sym_data] = ACTIONS(15),
    [anon_sym_baseline] = ACTIONS(15),
    [anon_sym_server] = ACTIONS(15),
    [anon_sym_pipeline] = ACTIONS(15),
    [anon_sym_profile] = ACTIONS(15),
    [anon_sym_attest] = ACTIONS(15),
    [anon_sym_suite] = ACTIONS(17),
    [anon_sym_expect] = ACTIONS(19),
    [anon_sym_for] = ACTIONS(21),
    [sym_doc] = ACTIONS(3),
    [sym_comment] = ACTIONS(5),
    [sym__newline] = ACTIONS(23),
  },
  [2] = {
    [sym_unit] = STATE(31),
    [ts_builtin_sym_end] = ACTIONS(25),
    [sym_word] = ACTIONS(27),
    [anon_sym_EQ] = ACTIONS(25),
    [anon_sym_LBRACE] = ACTIONS(25),
    [anon_sym_COMMA] = ACTIONS(25),
    [anon_sym_LT_EQ] = ACTIONS(25),
    [anon_sym_GT_EQ] = ACTIONS(25),
    [anon_sym_BANG_EQ] = ACTIONS(25),
    [anon_sym_LT] = ACTIONS(27),
    [anon_sym_GT] = ACTIONS(27),
    [anon_sym_] = ACTIONS(25),
    [anon_sym_2] = ACTIONS(25),
    [anon_sym_3] = ACTIONS(25),
    [anon_sym_PLUS] = ACTIONS(25),
    [anon_sym_DASH] = ACTIONS(25),
    [anon_sym_DOT_DOT] = ACTIONS(25),
    [anon_sym_LBRACK] = ACTIONS(25),
    [anon_sym_PERCENT] = ACTIONS(29),
    [anon_sym_B] = ACTIONS(31),
    [anon_sym_GB] = ACTIONS(31),
    [anon_sym_GiB] = ACTIONS(31),
    [anon_sym_KiB] = ACTIONS(31),
    [anon_sym_MB] = ACTIONS(31),
    [anon_sym_MiB] = ACTIONS(31),
    [anon_sym_TB] = ACTIONS(31),
    [anon_sym_TiB] = ACTIONS(31),
    [anon_sym_bin] = ACTIONS(31),
    [anon_sym_bins] = ACTIONS(31),
    [anon_sym_d] = ACTIONS(31),
    [anon_sym_day] = ACTIONS(31),
    [anon_sym_days] = ACTIONS(31),
    [anon_sym_drill] = ACTIONS(31),
    [anon_sym_drills] = ACTIONS(31),
    [anon_sym_epoch] = ACTIONS(31),
    [anon_sym_epochs] = ACTIONS(31),
    [anon_sym_example] = ACTIONS(31),
    [anon_sym_examples] = ACTIONS(31),
    [anon_sym_h] = ACTIONS(31),
    [anon_sym_hour] = ACTIONS(31),
    [anon_sym_hours] = ACTIONS(31),
    [anon_sym_kB] = ACTIONS(31),
    [anon_sym_millisecond] = ACTIONS(31),
    [anon_sym_milliseconds] = ACTIONS(31),
    [anon_sym_min] = ACTIONS(31),
    [anon_sym_minute] = ACTIONS(31),
    [anon_sym_minutes] = ACTIONS(31),
    [anon_sym_ms] = ACTIONS(31),
    [anon_sym_ns] = ACTIONS(31),
    [anon_sym_pp] = ACTIONS(31),
    [anon_sym_request] = ACTIONS(31),
    [anon_sym_requests] = ACTIONS(31),
    [anon_sym_requests_SLASHmin] = ACTIONS(29),
    [anon_sym_requests_SLASHs] = ACTIONS(29),
    [anon_sym_row] = ACTIONS(31),
    [anon_sym_rows] = ACTIONS(31),
    [anon_sym_run] = ACTIONS(31),
    [anon_sym_runs] = ACTIONS(31),
    [anon_sym_s] = ACTIONS(31),
    [anon_sym_second] = ACTIONS(31),
    [anon_sym_seconds] = ACTIONS(31),
    [anon_sym_seed] = ACTIONS(31),
    [anon_sym_seeds] = ACTIONS(31),
    [anon_sym_step] = ACTIONS(31),
    [anon_sym_steps] = ACTIONS(31),
    [anon_sym_us] = ACTIONS(31),
    [anon_sym_x] = ACTIONS(31),
    [sym_number] = ACTIONS(27),
    [sym_date] = ACTIONS(25),
    [sym_string] = ACTIONS(25),
    [sym_doc] = ACTIONS(3),
    [sym_comment] = ACTIONS(5),
    [sym__newline] = ACTIONS(25),
  },
  [3] = {
    [sym_unit] = STATE(45),
    [sym_word] = ACTIONS(27),
    [anon_sym_EQ] = ACTIONS(25),
    [anon_sym_LBRACE] = ACTIONS(25),
    [anon_sym_RBRACE] = ACTIONS(25),
    [anon_sym_COMMA] = ACTIONS(25),
    [anon_sym_LT_EQ] = ACTIONS(25),
    [anon_sym_GT_EQ] = ACTIONS(25),
    [anon_sym_BANG_EQ] = ACTIONS(25),
    [anon_sym_LT] = ACTIONS(27),
    [anon_sym_GT] = ACTIONS(27),
    [anon_sym_] = ACTIONS(25),
    [anon_sym_2] = ACTIONS(25),
    [anon_sym_3] = ACTIONS(25),
    [anon_sym_PLUS] = ACTIONS(25),
    [anon_sym_DASH] = ACTIONS(25),
    [anon_sym_DOT_DOT] = ACTIONS(25),
    [anon_sym_LBRACK] = ACTIONS(25),
    [anon_sym_PERCENT] = ACTIONS(33),
    [anon_sym_B] = ACTIONS(35),
    [anon_sym_GB] = ACTIONS(35),
    [anon_sym_GiB] = ACTIONS(35),
    [anon_sym_KiB] = ACTIONS(35),
    [anon_sym_MB] = ACTIONS(35),
    [anon_sym_MiB] = ACTIONS(35),
    [anon_sym_TB] = ACTIONS(35),
    [anon_sym_TiB] = ACTIONS(35),
    [anon_sym_bin] = ACTIONS(35),
    [anon_sym_bins] = ACTIONS(35),
    [anon_sym_d] = ACTIONS(35),
    [anon_sym_day] = ACTIONS(35),
    [anon_sym_days] = ACTIONS(35),
    [anon_sym_drill] = ACTIONS(35),
    [anon_sym_drills] = ACTIONS(35),
    [anon_sym_epoch] = ACTIONS(35),
    [anon_sym_epochs] = ACTIONS(35),
    [anon_sym_example] = ACTIONS(35),
    [anon_sym_examples] = ACTIONS(35),
    [anon_sym_h] = ACTIONS(35),
    [anon_sym_hour] = ACTIONS(35),
    [anon_sym_hours] = ACTIONS(35),
    [anon_sym_kB] = ACTIONS(35),
    [anon_sym_millisecond] = ACTIONS(35),
    [anon_sym_milliseconds] = ACTIONS(35),
    [anon_sym_min] = ACTIONS(35),
    [anon_sym_minute] = ACTIONS(35),
    [anon_sym_minutes] = ACTIONS(35),
    [anon_sym_ms] = ACTIONS(35),
    [anon_sym_ns] = ACTIONS(35),
    [anon_sym_pp] = ACTIONS(35),
    [anon_sym_request] = ACTIONS(35),
    [anon_sym_requests] = ACTIONS(35),
    [anon_sym_requests_SLASHmin] = ACTIONS(33),
    [anon_sym_requests_SLASHs] = ACTIONS(33),
    [anon_sym_row] = ACTIONS(35),
    [anon_sym_rows] = ACTIONS(35),
    [anon_sym_run] = ACTIONS(35),
    [anon_sym_runs] = ACTIONS(35),
    [anon_sym_s] = ACTIONS(35),
    [anon_sym_second] = ACTIONS(35),
    [anon_sym_seconds] = ACTIONS(35),
    [anon_sym_seed] = ACTIONS(35),
    [anon_sym_seeds] = ACTIONS(35),
    [anon_sym_step] = ACTIONS(35),
    [anon_sym_steps] = ACTIONS(35),
    [anon_sym_us] = ACTIONS(35),
    [anon_sym_x] = ACTIONS(35),
    [sym_number] = ACTIONS(27),
    [sym_date] = ACTIONS(25),
    [sym_string] = ACTIONS(25),
    [sym_doc] = ACTIONS(3),
    [sym_comment] = ACTIONS(5),
    [sym__newline] = ACTIONS(25),
  },
};

static const uint16_t ts_small_parse_table[] = {
  [0] = 6,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    STATE(31), 1,
      sym_unit,
    ACTIONS(25), 3,
      anon_sym_COMMA,
      anon_sym_RBRACK,
      sym__newline,
    ACTIONS(31), 19,
      anon_sym_bin,
      anon_sym_d,
      anon_sym_day,
      anon_sym_drill,
      anon_sym_epoch,
      anon_sym_example,
      anon_sym_h,
      anon_sym_hour,
      anon_sym_millisecond,
      anon_sym_min,
      anon_sym_minute,
      anon_sym_request,
      anon_sym_requests,
      anon_sym_row,
      anon_sym_run,
      anon_sym_s,
      anon_sym_second,
      anon_sym_seed,
      anon_sym_step,
    ACTIONS(29), 30,
      anon_sym_PERCENT,
      anon_sym_B,
      anon_sym_GB,
      anon_sym_GiB,
      anon_sym_KiB,
      anon_sym_MB,
      anon_sym_MiB,
      anon_sym_TB,
      anon_sym_TiB,
      anon_sym_bins,
      anon_sym_days,
      anon_sym_drills,
      anon_sym_epochs,
      anon_sym_examples,
      anon_sym_hours,
      anon_sym_kB,
      anon_sym_milliseconds,
      anon_sym_minutes,
      anon_sym_ms,
      anon_sym_ns,
      anon_sym_pp,
      anon_sym_requests_SLASHmin,
      anon_sym_requests_SLASHs,
      anon_sym_rows,
      anon_sym_runs,
      anon_sym_seconds,
      anon_sym_seeds,
      anon_sym_steps,
      anon_sym_us,
      anon_sym_x,
  [68] = 11,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    STATE(88), 1,
      sym_block,
    ACTIONS(37), 2,
      ts_builtin_sym_end,
      sym__newline,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(39), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(12), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [121] = 11,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    STATE(91), 1,
      sym_block,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(51), 2,
      ts_builtin_sym_end,
      sym__newline,
    ACTIONS(39), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(12), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [174] = 12,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(57), 1,
      anon_sym_RBRACE,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(65), 1,
      sym__newline,
    STATE(8), 1,
      aux_sym_block_repeat1,
    STATE(104), 1,
      sym_line,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(53), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(17), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [229] = 12,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(73), 1,
      anon_sym_RBRACE,
    ACTIONS(78), 1,
      anon_sym_LBRACK,
    ACTIONS(81), 1,
      sym_number,
    ACTIONS(84), 1,
      sym__newline,
    STATE(8), 1,
      aux_sym_block_repeat1,
    STATE(124), 1,
      sym_line,
    ACTIONS(75), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(67), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(17), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(70), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [284] = 12,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(87), 1,
      anon_sym_RBRACE,
    ACTIONS(89), 1,
      sym__newline,
    STATE(7), 1,
      aux_sym_block_repeat1,
    STATE(116), 1,
      sym_line,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(53), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(17), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [339] = 11,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    STATE(88), 1,
      sym_block,
    ACTIONS(37), 2,
      anon_sym_RBRACE,
      sym__newline,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [392] = 11,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    STATE(91), 1,
      sym_block,
    ACTIONS(51), 2,
      anon_sym_RBRACE,
      sym__newline,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [445] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(104), 1,
      anon_sym_LBRACK,
    ACTIONS(107), 1,
      sym_number,
    ACTIONS(101), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(93), 3,
      ts_builtin_sym_end,
      anon_sym_LBRACE,
      sym__newline,
    ACTIONS(95), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(12), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(98), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [493] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(119), 1,
      anon_sym_LBRACK,
    ACTIONS(122), 1,
      sym_number,
    ACTIONS(116), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(93), 3,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      sym__newline,
    ACTIONS(110), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(113), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [541] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(125), 1,
      anon_sym_LBRACE,
    STATE(89), 1,
      sym_body,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [590] = 13,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(129), 1,
      anon_sym_edition,
    ACTIONS(132), 1,
      anon_sym_use,
    ACTIONS(135), 1,
      anon_sym_let,
    ACTIONS(141), 1,
      anon_sym_suite,
    ACTIONS(144), 1,
      anon_sym_expect,
    ACTIONS(147), 1,
      anon_sym_for,
    ACTIONS(150), 1,
      sym__newline,
    STATE(15), 1,
      aux_sym_spec_repeat1,
    ACTIONS(127), 2,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
    ACTIONS(138), 7,
      anon_sym_model,
      anon_sym_data,
      anon_sym_baseline,
      anon_sym_server,
      anon_sym_pipeline,
      anon_sym_profile,
      anon_sym_attest,
    STATE(122), 9,
      sym__statement,
      sym_edition,
      sym_use,
      sym_let,
      sym_declaration,
      sym_suite,
      sym_expect,
      sym_for_each,
      sym_for_any,
  [645] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(125), 1,
      anon_sym_LBRACE,
    STATE(85), 1,
      sym_body,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(153), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(20), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [694] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(155), 2,
      anon_sym_RBRACE,
      sym__newline,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [741] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(157), 2,
      ts_builtin_sym_end,
      sym__newline,
    ACTIONS(39), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(12), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [788] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(157), 2,
      anon_sym_RBRACE,
      sym__newline,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [835] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(125), 1,
      anon_sym_LBRACE,
    STATE(82), 1,
      sym_body,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(91), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(13), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [884] = 13,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(9), 1,
      anon_sym_edition,
    ACTIONS(11), 1,
      anon_sym_use,
    ACTIONS(17), 1,
      anon_sym_suite,
    ACTIONS(21), 1,
      anon_sym_for,
    ACTIONS(159), 1,
      anon_sym_let,
    ACTIONS(163), 1,
      anon_sym_expect,
    ACTIONS(165), 1,
      anon_sym_RBRACE,
    ACTIONS(167), 1,
      sym__newline,
    STATE(15), 1,
      aux_sym_spec_repeat1,
    ACTIONS(161), 7,
      anon_sym_model,
      anon_sym_data,
      anon_sym_baseline,
      anon_sym_server,
      anon_sym_pipeline,
      anon_sym_profile,
      anon_sym_attest,
    STATE(110), 9,
      sym__statement,
      sym_edition,
      sym_use,
      sym_let,
      sym_declaration,
      sym_suite,
      sym_expect,
      sym_for_each,
      sym_for_any,
  [938] = 13,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(9), 1,
      anon_sym_edition,
    ACTIONS(11), 1,
      anon_sym_use,
    ACTIONS(13), 1,
      anon_sym_let,
    ACTIONS(17), 1,
      anon_sym_suite,
    ACTIONS(19), 1,
      anon_sym_expect,
    ACTIONS(21), 1,
      anon_sym_for,
    ACTIONS(167), 1,
      sym__newline,
    ACTIONS(169), 1,
      ts_builtin_sym_end,
    STATE(15), 1,
      aux_sym_spec_repeat1,
    ACTIONS(15), 7,
      anon_sym_model,
      anon_sym_data,
      anon_sym_baseline,
      anon_sym_server,
      anon_sym_pipeline,
      anon_sym_profile,
      anon_sym_attest,
    STATE(106), 9,
      sym__statement,
      sym_edition,
      sym_use,
      sym_let,
      sym_declaration,
      sym_suite,
      sym_expect,
      sym_for_each,
      sym_for_any,
  [992] = 13,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(9), 1,
      anon_sym_edition,
    ACTIONS(11), 1,
      anon_sym_use,
    ACTIONS(17), 1,
      anon_sym_suite,
    ACTIONS(21), 1,
      anon_sym_for,
    ACTIONS(159), 1,
      anon_sym_let,
    ACTIONS(163), 1,
      anon_sym_expect,
    ACTIONS(171), 1,
      anon_sym_RBRACE,
    ACTIONS(173), 1,
      sym__newline,
    STATE(21), 1,
      aux_sym_spec_repeat1,
    ACTIONS(161), 7,
      anon_sym_model,
      anon_sym_data,
      anon_sym_baseline,
      anon_sym_server,
      anon_sym_pipeline,
      anon_sym_profile,
      anon_sym_attest,
    STATE(101), 9,
      sym__statement,
      sym_edition,
      sym_use,
      sym_let,
      sym_declaration,
      sym_suite,
      sym_expect,
      sym_for_each,
      sym_for_any,
  [1046] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(175), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(18), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1089] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(177), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(5), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1132] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(179), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(14), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1175] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(181), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(19), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1218] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(183), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(10), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1261] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(49), 1,
      sym_number,
    ACTIONS(45), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(185), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(6), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(41), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1304] = 8,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(61), 1,
      anon_sym_LBRACK,
    ACTIONS(63), 1,
      sym_number,
    ACTIONS(59), 2,
      anon_sym_LT,
      anon_sym_GT,
    ACTIONS(187), 4,
      anon_sym_COMMA,
      sym_word,
      sym_date,
      sym_string,
    STATE(11), 6,
      aux_sym__items,
      sym__item,
      sym__value,
      sym_operator,
      sym_list,
      sym_quantity,
    ACTIONS(55), 10,
      anon_sym_EQ,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
  [1347] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(191), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(189), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1380] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(195), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(193), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1413] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(199), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(197), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1446] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(203), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(201), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1479] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(207), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(205), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1512] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(211), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(209), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1545] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(215), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(213), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1578] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(219), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(217), 19,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1611] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(219), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(217), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1643] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(223), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(221), 18,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1675] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(195), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(193), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1707] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(199), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(197), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1739] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(223), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(221), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1771] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(215), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(213), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1803] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(191), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(189), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1835] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(203), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(201), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1867] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(211), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(209), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1899] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(207), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(205), 18,
      anon_sym_EQ,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1931] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(225), 3,
      anon_sym_LT,
      anon_sym_GT,
      sym_number,
    ACTIONS(73), 17,
      anon_sym_EQ,
      anon_sym_RBRACE,
      anon_sym_COMMA,
      anon_sym_LT_EQ,
      anon_sym_GT_EQ,
      anon_sym_BANG_EQ,
      anon_sym_,
      anon_sym_2,
      anon_sym_3,
      anon_sym_PLUS,
      anon_sym_DASH,
      anon_sym_DOT_DOT,
      anon_sym_LBRACK,
      sym_word,
      sym_date,
      sym_string,
      sym__newline,
  [1962] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(127), 16,
      ts_builtin_sym_end,
      anon_sym_edition,
      anon_sym_use,
      anon_sym_let,
      anon_sym_model,
      anon_sym_data,
      anon_sym_baseline,
      anon_sym_server,
      anon_sym_pipeline,
      anon_sym_profile,
      anon_sym_attest,
      anon_sym_suite,
      anon_sym_expect,
      anon_sym_for,
      anon_sym_RBRACE,
      sym__newline,
  [1987] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(229), 1,
      anon_sym_RBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(233), 1,
      sym__newline,
    STATE(63), 1,
      aux_sym_list_repeat1,
    STATE(93), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2022] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(235), 1,
      anon_sym_RBRACK,
    ACTIONS(237), 1,
      sym__newline,
    STATE(54), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2057] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(239), 1,
      anon_sym_RBRACK,
    ACTIONS(241), 1,
      sym__newline,
    STATE(56), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2092] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(243), 1,
      anon_sym_RBRACK,
    ACTIONS(245), 1,
      sym__newline,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2127] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(247), 1,
      anon_sym_RBRACK,
    ACTIONS(249), 1,
      sym__newline,
    STATE(60), 1,
      aux_sym_list_repeat1,
    STATE(90), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2162] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(251), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2197] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(251), 1,
      anon_sym_RBRACK,
    ACTIONS(253), 1,
      sym__newline,
    STATE(58), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2232] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(235), 1,
      anon_sym_RBRACK,
    ACTIONS(245), 1,
      sym__newline,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2267] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(255), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2302] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(257), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(99), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2337] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(259), 1,
      anon_sym_RBRACK,
    ACTIONS(261), 1,
      sym__newline,
    STATE(59), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2372] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(263), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2407] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(265), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(76), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2442] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(255), 1,
      anon_sym_RBRACK,
    ACTIONS(267), 1,
      sym__newline,
    STATE(65), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2477] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    ACTIONS(269), 1,
      anon_sym_RBRACK,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2512] = 10,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(269), 1,
      anon_sym_RBRACK,
    ACTIONS(271), 1,
      sym__newline,
    STATE(62), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2547] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(245), 1,
      sym__newline,
    STATE(69), 1,
      aux_sym_list_repeat1,
    STATE(103), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2579] = 9,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    ACTIONS(231), 1,
      sym_number,
    ACTIONS(273), 1,
      sym__newline,
    STATE(67), 1,
      aux_sym_list_repeat1,
    STATE(113), 1,
      sym__element,
    ACTIONS(227), 3,
      sym_word,
      sym_date,
      sym_string,
    STATE(75), 3,
      sym__value,
      sym_list,
      sym_quantity,
  [2611] = 6,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(277), 1,
      sym_number,
    ACTIONS(279), 1,
      sym__newline,
    STATE(69), 1,
      aux_sym_list_repeat1,
    ACTIONS(275), 6,
      anon_sym_COMMA,
      anon_sym_LBRACK,
      anon_sym_RBRACK,
      sym_word,
      sym_date,
      sym_string,
  [2635] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(282), 6,
      ts_builtin_sym_end,
      anon_sym_EQ,
      anon_sym_in,
      anon_sym_LBRACE,
      anon_sym_RBRACE,
      sym__newline,
  [2650] = 6,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(286), 1,
      anon_sym_EQ,
    STATE(83), 1,
      sym_block,
    ACTIONS(284), 2,
      ts_builtin_sym_end,
      sym__newline,
  [2670] = 6,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(43), 1,
      anon_sym_LBRACE,
    ACTIONS(288), 1,
      anon_sym_EQ,
    STATE(83), 1,
      sym_block,
    ACTIONS(284), 2,
      anon_sym_RBRACE,
      sym__newline,
  [2690] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(245), 1,
      sym__newline,
    STATE(69), 1,
      aux_sym_list_repeat1,
    ACTIONS(290), 2,
      anon_sym_COMMA,
      anon_sym_RBRACK,
  [2707] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(294), 1,
      anon_sym_as,
    ACTIONS(292), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2722] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(298), 1,
      sym__newline,
    STATE(73), 1,
      aux_sym_list_repeat1,
    ACTIONS(296), 2,
      anon_sym_COMMA,
      anon_sym_RBRACK,
  [2739] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(259), 1,
      anon_sym_RBRACK,
    ACTIONS(300), 1,
      anon_sym_COMMA,
    STATE(97), 1,
      aux_sym_list_repeat2,
  [2755] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(251), 1,
      anon_sym_RBRACK,
    ACTIONS(302), 1,
      anon_sym_COMMA,
    STATE(98), 1,
      aux_sym_list_repeat2,
  [2771] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(304), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2783] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(306), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2795] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(308), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2807] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(310), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2819] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(312), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2831] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(314), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2843] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(316), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2855] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(318), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2867] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(320), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2879] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(239), 1,
      anon_sym_RBRACK,
    ACTIONS(322), 1,
      anon_sym_COMMA,
    STATE(98), 1,
      aux_sym_list_repeat2,
  [2895] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(324), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2907] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(326), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2919] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(257), 1,
      anon_sym_RBRACK,
    ACTIONS(328), 1,
      anon_sym_COMMA,
    STATE(87), 1,
      aux_sym_list_repeat2,
  [2935] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(330), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2947] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(332), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2959] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(265), 1,
      anon_sym_RBRACK,
    ACTIONS(334), 1,
      anon_sym_COMMA,
    STATE(95), 1,
      aux_sym_list_repeat2,
  [2975] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(336), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [2987] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(259), 1,
      anon_sym_RBRACK,
    ACTIONS(300), 1,
      anon_sym_COMMA,
    STATE(98), 1,
      aux_sym_list_repeat2,
  [3003] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(338), 3,
      ts_builtin_sym_end,
      anon_sym_RBRACE,
      sym__newline,
  [3015] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(255), 1,
      anon_sym_RBRACK,
    ACTIONS(340), 1,
      anon_sym_COMMA,
    STATE(98), 1,
      aux_sym_list_repeat2,
  [3031] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(342), 1,
      anon_sym_COMMA,
    ACTIONS(345), 1,
      anon_sym_RBRACK,
    STATE(98), 1,
      aux_sym_list_repeat2,
  [3047] = 5,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(239), 1,
      anon_sym_RBRACK,
    ACTIONS(322), 1,
      anon_sym_COMMA,
    STATE(77), 1,
      aux_sym_list_repeat2,
  [3063] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(125), 1,
      anon_sym_LBRACE,
    STATE(81), 1,
      sym_body,
  [3076] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(165), 1,
      anon_sym_RBRACE,
    ACTIONS(347), 1,
      sym__newline,
  [3089] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(47), 1,
      anon_sym_LBRACK,
    STATE(100), 1,
      sym_list,
  [3102] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(349), 2,
      anon_sym_COMMA,
      anon_sym_RBRACK,
  [3113] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(351), 1,
      anon_sym_RBRACE,
    ACTIONS(353), 1,
      sym__newline,
  [3126] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(169), 1,
      ts_builtin_sym_end,
    ACTIONS(347), 1,
      sym__newline,
  [3139] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(347), 1,
      sym__newline,
    ACTIONS(355), 1,
      ts_builtin_sym_end,
  [3152] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(71), 1,
      sym_name,
  [3165] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(72), 1,
      sym_name,
  [3178] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(117), 1,
      sym_name,
  [3191] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(347), 1,
      sym__newline,
    ACTIONS(359), 1,
      anon_sym_RBRACE,
  [3204] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(118), 1,
      sym_name,
  [3217] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(361), 1,
      anon_sym_each,
    ACTIONS(363), 1,
      anon_sym_any,
  [3230] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(345), 2,
      anon_sym_COMMA,
      anon_sym_RBRACK,
  [3241] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(119), 1,
      sym_name,
  [3254] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(357), 1,
      sym_word,
    STATE(86), 1,
      sym_name,
  [3267] = 4,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(57), 1,
      anon_sym_RBRACE,
    ACTIONS(353), 1,
      sym__newline,
  [3280] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(365), 1,
      anon_sym_in,
  [3290] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(367), 1,
      anon_sym_EQ,
  [3300] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(369), 1,
      anon_sym_EQ,
  [3310] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(371), 1,
      sym_string,
  [3320] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(373), 1,
      sym_number,
  [3330] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(347), 1,
      sym__newline,
  [3340] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(375), 1,
      ts_builtin_sym_end,
  [3350] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(353), 1,
      sym__newline,
  [3360] = 3,
    ACTIONS(3), 1,
      sym_doc,
    ACTIONS(5), 1,
      sym_comment,
    ACTIONS(377), 1,
      sym_string,
};

static const uint32_t ts_small_parse_table_map[] = {
  [SMALL_STATE(4)] = 0,
  [SMALL_STATE(5)] = 68,
  [SMALL_STATE(6)] = 121,
  [SMALL_STATE(7)] = 174,
  [SMALL_STATE(8)] = 229,
  [SMALL_STATE(9)] = 284,
  [SMALL_STATE(10)] = 339,
  [SMALL_STATE(11)] = 392,
  [SMALL_STATE(12)] = 445,
  [SMALL_STATE(13)] = 493,
  [SMALL_STATE(14)] = 541,
  [SMALL_STATE(15)] = 590,
  [SMALL_STATE(16)] = 645,
  [SMALL_STATE(17)] = 694,
  [SMALL_STATE(18)] = 741,
  [SMALL_STATE(19)] = 788,
  [SMALL_STATE(20)] = 835,
  [SMALL_STATE(21)] = 884,
  [SMALL_STATE(22)] = 938,
  [SMALL_STATE(23)] = 992,
  [SMALL_STATE(24)] = 1046,
  [SMALL_STATE(25)] = 1089,
  [SMALL_STATE(26)] = 1132,
  [SMALL_STATE(27)] = 1175,
  [SMALL_STATE(28)] = 1218,
  [SMALL_STATE(29)] = 1261,
  [SMALL_STATE(30)] = 1304,
  [SMALL_STATE(31)] = 1347,
  [SMALL_STATE(32)] = 1380,
  [SMALL_STATE(33)] = 1413,
  [SMALL_STATE(34)] = 1446,
  [SMALL_STATE(35)] = 1479,
  [SMALL_STATE(36)] = 1512,
  [SMALL_STATE(37)] = 1545,
  [SMALL_STATE(38)] = 1578,
  [SMALL_STATE(39)] = 1611,
  [SMALL_STATE(40)] = 1643,
  [SMALL_STATE(41)] = 1675,
  [SMALL_STATE(42)] = 1707,
  [SMALL_STATE(43)] = 1739,
  [SMALL_STATE(44)] = 1771,
  [SMALL_STATE(45)] = 1803,
  [SMALL_STATE(46)] = 1835,
  [SMALL_STATE(47)] = 1867,
  [SMALL_STATE(48)] = 1899,
  [SMALL_STATE(49)] = 1931,
  [SMALL_STATE(50)] = 1962,
  [SMALL_STATE(51)] = 1987,
  [SMALL_STATE(52)] = 2022,
  [SMALL_STATE(53)] = 2057,
  [SMALL_STATE(54)] = 2092,
  [SMALL_STATE(55)] = 2127,
  [SMALL_STATE(56)] = 2162,
  [SMALL_STATE(57)] = 2197,
  [SMALL_STATE(58)] = 2232,
  [SMALL_STATE(59)] = 2267,
  [SMALL_STATE(60)] = 2302,
  [SMALL_STATE(61)] = 2337,
  [SMALL_STATE(62)] = 2372,
  [SMALL_STATE(63)] = 2407,
  [SMALL_STATE(64)] = 2442,
  [SMALL_STATE(65)] = 2477,
  [SMALL_STATE(66)] = 2512,
  [SMALL_STATE(67)] = 2547,
  [SMALL_STATE(68)] = 2579,
  [SMALL_STATE(69)] = 2611,
  [SMALL_STATE(70)] = 2635,
  [SMALL_STATE(71)] = 2650,
  [SMALL_STATE(72)] = 2670,
  [SMALL_STATE(73)] = 2690,
  [SMALL_STATE(74)] = 2707,
  [SMALL_STATE(75)] = 2722,
  [SMALL_STATE(76)] = 2739,
  [SMALL_STATE(77)] = 2755,
  [SMALL_STATE(78)] = 2771,
  [SMALL_STATE(79)] = 2783,
  [SMALL_STATE(80)] = 2795,
  [SMALL_STATE(81)] = 2807,
  [SMALL_STATE(82)] = 2819,
  [SMALL_STATE(83)] = 2831,
  [SMALL_STATE(84)] = 2843,
  [SMALL_STATE(85)] = 2855,
  [SMALL_STATE(86)] = 2867,
  [SMALL_STATE(87)] = 2879,
  [SMALL_STATE(88)] = 2895,
  [SMALL_STATE(89)] = 2907,
  [SMALL_STATE(90)] = 2919,
  [SMALL_STATE(91)] = 2935,
  [SMALL_STATE(92)] = 2947,
  [SMALL_STATE(93)] = 2959,
  [SMALL_STATE(94)] = 2975,
  [SMALL_STATE(95)] = 2987,
  [SMALL_STATE(96)] = 3003,
  [SMALL_STATE(97)] = 3015,
  [SMALL_STATE(98)] = 3031,
  [SMALL_STATE(99)] = 3047,
  [SMALL_STATE(100)] = 3063,
  [SMALL_STATE(101)] = 3076,
  [SMALL_STATE(102)] = 3089,
  [SMALL_STATE(103)] = 3102,
  [SMALL_STATE(104)] = 3113,
  [SMALL_STATE(105)] = 3126,
  [SMALL_STATE(106)] = 3139,
  [SMALL_STATE(107)] = 3152,
  [SMALL_STATE(108)] = 3165,
  [SMALL_STATE(109)] = 3178,
  [SMALL_STATE(110)] = 3191,
  [SMALL_STATE(111)] = 3204,
  [SMALL_STATE(112)] = 3217,
  [SMALL_STATE(113)] = 3230,
  [SMALL_STATE(114)] = 3241,
  [SMALL_STATE(115)] = 3254,
  [SMALL_STATE(116)] = 3267,
  [SMALL_STATE(117)] = 3280,
  [SMALL_STATE(118)] = 3290,
  [SMALL_STATE(119)] = 3300,
  [SMALL_STATE(120)] = 3310,
  [SMALL_STATE(121)] = 3320,
  [SMALL_STATE(122)] = 3330,
  [SMALL_STATE(123)] = 3340,
  [SMALL_STATE(124)] = 3350,
  [SMALL_STATE(125)] = 3360,
};

static const TSParseActionEntry ts_parse_actions[] = {
  [0] = {.entry = {.count = 0, .reusable = false}},
  [1] = {.entry = {.count = 1, .reusable = false}}, RECOVER(),
  [3] = {.entry = {.count = 1, .reusable = true}}, SHIFT_EXTRA(),
  [5] = {.entry = {.count = 1, .reusable = false}}, SHIFT_EXTRA(),
  [7] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_spec, 0),
  [9] = {.entry = {.count = 1, .reusable = true}}, SHIFT(121),
  [11] = {.entry = {.count = 1, .reusable = true}}, SHIFT(120),
  [13] = {.entry = {.count = 1, .reusable = true}}, SHIFT(111),
  [15] = {.entry = {.count = 1, .reusable = true}}, SHIFT(107),
  [17] = {.entry = {.count = 1, .reusable = true}}, SHIFT(125),
  [19] = {.entry = {.count = 1, .reusable = true}}, SHIFT(25),
  [21] = {.entry = {.count = 1, .reusable = true}}, SHIFT(112),
  [23] = {.entry = {.count = 1, .reusable = true}}, SHIFT(22),
  [25] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym__value, 1),
  [27] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym__value, 1),
  [29] = {.entry = {.count = 1, .reusable = true}}, SHIFT(33),
  [31] = {.entry = {.count = 1, .reusable = false}}, SHIFT(33),
  [33] = {.entry = {.count = 1, .reusable = true}}, SHIFT(42),
  [35] = {.entry = {.count = 1, .reusable = false}}, SHIFT(42),
  [37] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_expect, 2),
  [39] = {.entry = {.count = 1, .reusable = true}}, SHIFT(12),
  [41] = {.entry = {.count = 1, .reusable = true}}, SHIFT(40),
  [43] = {.entry = {.count = 1, .reusable = true}}, SHIFT(9),
  [45] = {.entry = {.count = 1, .reusable = false}}, SHIFT(40),
  [47] = {.entry = {.count = 1, .reusable = true}}, SHIFT(55),
  [49] = {.entry = {.count = 1, .reusable = false}}, SHIFT(2),
  [51] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_declaration, 4, .production_id = 3),
  [53] = {.entry = {.count = 1, .reusable = true}}, SHIFT(17),
  [55] = {.entry = {.count = 1, .reusable = true}}, SHIFT(43),
  [57] = {.entry = {.count = 1, .reusable = true}}, SHIFT(92),
  [59] = {.entry = {.count = 1, .reusable = false}}, SHIFT(43),
  [61] = {.entry = {.count = 1, .reusable = true}}, SHIFT(51),
  [63] = {.entry = {.count = 1, .reusable = false}}, SHIFT(3),
  [65] = {.entry = {.count = 1, .reusable = true}}, SHIFT(8),
  [67] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(17),
  [70] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(43),
  [73] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym_block_repeat1, 2),
  [75] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(43),
  [78] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(51),
  [81] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(3),
  [84] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_block_repeat1, 2), SHIFT_REPEAT(8),
  [87] = {.entry = {.count = 1, .reusable = true}}, SHIFT(96),
  [89] = {.entry = {.count = 1, .reusable = true}}, SHIFT(7),
  [91] = {.entry = {.count = 1, .reusable = true}}, SHIFT(13),
  [93] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym__items, 2),
  [95] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(12),
  [98] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(40),
  [101] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(40),
  [104] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(55),
  [107] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(2),
  [110] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(13),
  [113] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(43),
  [116] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(43),
  [119] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(51),
  [122] = {.entry = {.count = 2, .reusable = false}}, REDUCE(aux_sym__items, 2), SHIFT_REPEAT(3),
  [125] = {.entry = {.count = 1, .reusable = true}}, SHIFT(23),
  [127] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2),
  [129] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(121),
  [132] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(120),
  [135] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(114),
  [138] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(108),
  [141] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(125),
  [144] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(28),
  [147] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(112),
  [150] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_spec_repeat1, 2), SHIFT_REPEAT(15),
  [153] = {.entry = {.count = 1, .reusable = true}}, SHIFT(20),
  [155] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_line, 1),
  [157] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_let, 4, .production_id = 6),
  [159] = {.entry = {.count = 1, .reusable = true}}, SHIFT(114),
  [161] = {.entry = {.count = 1, .reusable = true}}, SHIFT(108),
  [163] = {.entry = {.count = 1, .reusable = true}}, SHIFT(28),
  [165] = {.entry = {.count = 1, .reusable = true}}, SHIFT(94),
  [167] = {.entry = {.count = 1, .reusable = true}}, SHIFT(15),
  [169] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_spec, 1),
  [171] = {.entry = {.count = 1, .reusable = true}}, SHIFT(80),
  [173] = {.entry = {.count = 1, .reusable = true}}, SHIFT(21),
  [175] = {.entry = {.count = 1, .reusable = true}}, SHIFT(18),
  [177] = {.entry = {.count = 1, .reusable = true}}, SHIFT(5),
  [179] = {.entry = {.count = 1, .reusable = true}}, SHIFT(14),
  [181] = {.entry = {.count = 1, .reusable = true}}, SHIFT(19),
  [183] = {.entry = {.count = 1, .reusable = true}}, SHIFT(10),
  [185] = {.entry = {.count = 1, .reusable = true}}, SHIFT(6),
  [187] = {.entry = {.count = 1, .reusable = true}}, SHIFT(11),
  [189] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_quantity, 2),
  [191] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_quantity, 2),
  [193] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 3),
  [195] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 3),
  [197] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_unit, 1),
  [199] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_unit, 1),
  [201] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 4),
  [203] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 4),
  [205] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 7),
  [207] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 7),
  [209] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 6),
  [211] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 6),
  [213] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 2),
  [215] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 2),
  [217] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_list, 5),
  [219] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_list, 5),
  [221] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_operator, 1),
  [223] = {.entry = {.count = 1, .reusable = false}}, REDUCE(sym_operator, 1),
  [225] = {.entry = {.count = 1, .reusable = false}}, REDUCE(aux_sym_block_repeat1, 2),
  [227] = {.entry = {.count = 1, .reusable = true}}, SHIFT(75),
  [229] = {.entry = {.count = 1, .reusable = true}}, SHIFT(44),
  [231] = {.entry = {.count = 1, .reusable = false}}, SHIFT(4),
  [233] = {.entry = {.count = 1, .reusable = true}}, SHIFT(63),
  [235] = {.entry = {.count = 1, .reusable = true}}, SHIFT(36),
  [237] = {.entry = {.count = 1, .reusable = true}}, SHIFT(54),
  [239] = {.entry = {.count = 1, .reusable = true}}, SHIFT(34),
  [241] = {.entry = {.count = 1, .reusable = true}}, SHIFT(56),
  [243] = {.entry = {.count = 1, .reusable = true}}, SHIFT(35),
  [245] = {.entry = {.count = 1, .reusable = true}}, SHIFT(69),
  [247] = {.entry = {.count = 1, .reusable = true}}, SHIFT(37),
  [249] = {.entry = {.count = 1, .reusable = true}}, SHIFT(60),
  [251] = {.entry = {.count = 1, .reusable = true}}, SHIFT(38),
  [253] = {.entry = {.count = 1, .reusable = true}}, SHIFT(58),
  [255] = {.entry = {.count = 1, .reusable = true}}, SHIFT(39),
  [257] = {.entry = {.count = 1, .reusable = true}}, SHIFT(32),
  [259] = {.entry = {.count = 1, .reusable = true}}, SHIFT(46),
  [261] = {.entry = {.count = 1, .reusable = true}}, SHIFT(59),
  [263] = {.entry = {.count = 1, .reusable = true}}, SHIFT(48),
  [265] = {.entry = {.count = 1, .reusable = true}}, SHIFT(41),
  [267] = {.entry = {.count = 1, .reusable = true}}, SHIFT(65),
  [269] = {.entry = {.count = 1, .reusable = true}}, SHIFT(47),
  [271] = {.entry = {.count = 1, .reusable = true}}, SHIFT(62),
  [273] = {.entry = {.count = 1, .reusable = true}}, SHIFT(67),
  [275] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym_list_repeat1, 2),
  [277] = {.entry = {.count = 1, .reusable = false}}, REDUCE(aux_sym_list_repeat1, 2),
  [279] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_list_repeat1, 2), SHIFT_REPEAT(69),
  [282] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_name, 1),
  [284] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_declaration, 2, .production_id = 3),
  [286] = {.entry = {.count = 1, .reusable = true}}, SHIFT(29),
  [288] = {.entry = {.count = 1, .reusable = true}}, SHIFT(30),
  [290] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym__element, 2),
  [292] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_use, 2, .production_id = 2),
  [294] = {.entry = {.count = 1, .reusable = true}}, SHIFT(115),
  [296] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym__element, 1),
  [298] = {.entry = {.count = 1, .reusable = true}}, SHIFT(73),
  [300] = {.entry = {.count = 1, .reusable = true}}, SHIFT(64),
  [302] = {.entry = {.count = 1, .reusable = true}}, SHIFT(52),
  [304] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_block, 4),
  [306] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_body, 4),
  [308] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_body, 2),
  [310] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_for_each, 6, .production_id = 7),
  [312] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_suite, 4, .production_id = 4),
  [314] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_declaration, 3, .production_id = 3),
  [316] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_edition, 2, .production_id = 1),
  [318] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_suite, 3, .production_id = 4),
  [320] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_use, 4, .production_id = 5),
  [322] = {.entry = {.count = 1, .reusable = true}}, SHIFT(57),
  [324] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_expect, 3),
  [326] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_for_any, 4),
  [328] = {.entry = {.count = 1, .reusable = true}}, SHIFT(53),
  [330] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_declaration, 5, .production_id = 3),
  [332] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_block, 3),
  [334] = {.entry = {.count = 1, .reusable = true}}, SHIFT(61),
  [336] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_body, 3),
  [338] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_block, 2),
  [340] = {.entry = {.count = 1, .reusable = true}}, SHIFT(66),
  [342] = {.entry = {.count = 2, .reusable = true}}, REDUCE(aux_sym_list_repeat2, 2), SHIFT_REPEAT(68),
  [345] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym_list_repeat2, 2),
  [347] = {.entry = {.count = 1, .reusable = true}}, SHIFT(50),
  [349] = {.entry = {.count = 1, .reusable = true}}, REDUCE(aux_sym_list_repeat2, 3),
  [351] = {.entry = {.count = 1, .reusable = true}}, SHIFT(78),
  [353] = {.entry = {.count = 1, .reusable = true}}, SHIFT(49),
  [355] = {.entry = {.count = 1, .reusable = true}}, REDUCE(sym_spec, 2),
  [357] = {.entry = {.count = 1, .reusable = true}}, SHIFT(70),
  [359] = {.entry = {.count = 1, .reusable = true}}, SHIFT(79),
  [361] = {.entry = {.count = 1, .reusable = true}}, SHIFT(109),
  [363] = {.entry = {.count = 1, .reusable = true}}, SHIFT(26),
  [365] = {.entry = {.count = 1, .reusable = true}}, SHIFT(102),
  [367] = {.entry = {.count = 1, .reusable = true}}, SHIFT(24),
  [369] = {.entry = {.count = 1, .reusable = true}}, SHIFT(27),
  [371] = {.entry = {.count = 1, .reusable = true}}, SHIFT(74),
  [373] = {.entry = {.count = 1, .reusable = true}}, SHIFT(84),
  [375] = {.entry = {.count = 1, .reusable = true}},  ACCEPT_INPUT(),
  [377] = {.entry = {.count = 1, .reusable = true}}, SHIFT(16),
};

#ifdef __cplusplus
extern "C" {
#endif
#ifdef _WIN32
#define extern __declspec(dllexport)
#endif

extern const TSLanguage *tree_sitter_mlt(void) {
  static const TSLanguage language = {
    .version = LANGUAGE_VERSION,
    .symbol_count = SYMBOL_COUNT,
    .alias_count = ALIAS_COUNT,
    .token_count = TOKEN_COUNT,
    .external_token_count = EXTERNAL_TOKEN_COUNT,
    .state_count = STATE_COUNT,
    .large_state_count = LARGE_STATE_COUNT,
    .production_id_count = PRODUCTION_ID_COUNT,
    .field_count = FIELD_COUNT,
    .max_alias_sequence_length = MAX_ALIAS_SEQUENCE_LENGTH,
    .parse_table = &ts_parse_table[0][0],
    .small_parse_table = ts_small_parse_table,
    .small_parse_table_map = ts_small_parse_table_map,
    .parse_actions = ts_parse_actions,
    .symbol_names = ts_symbol_names,
    .field_names = ts_field_names,
    .field_map_slices = ts_field_map_slices,
    .field_map_entries = ts_field_map_entries,
    .symbol_metadata = ts_symbol_metadata,
    .public_symbol_map = ts_symbol_map,
    .alias_map = ts_non_terminal_alias_map,
    .alias_sequences = &ts_alias_sequences[0][0],
    .lex_modes = ts_lex_modes,
    .lex_fn = ts_lex,
    .keyword_lex_fn = ts_lex_keywords,
    .keyword_capture_token = sym_word,
    .primary_state_ids = ts_primary_state_ids,
  };
  return &language;
}
#ifdef __cplusplus
}
#endif
