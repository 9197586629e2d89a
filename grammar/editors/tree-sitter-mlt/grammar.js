// The shapes of a spec for tree-sitter: as mltspec.lark has them, with the words from lexicon.json.
//
// A newline ends a statement and is no blank space, except inside a list.

const { kinds, units } = require("./lexicon.json");

const newline = /\r?\n/;

/** Entries, each with a line of its own; the last one may share its line with the closing brace. */
const lines = (newlines, entry) => seq(repeat(choice(newlines, seq(entry, newlines))), optional(entry));

module.exports = grammar({
  name: "mlt",

  word: ($) => $.word,

  extras: ($) => [/[ \t\f\v\r\uFEFF]/, $.comment, $.doc],

  rules: {
    spec: ($) => lines($._newline, $._statement),

    _statement: ($) =>
      choice($.edition, $.use, $.let, $.declaration, $.suite, $.expect, $.for_each, $.for_any),

    edition: ($) => seq("edition", field("year", $.number)),
    use: ($) => seq("use", field("path", $.string), optional(seq("as", field("alias", $.name)))),
    let: ($) => seq("let", field("name", $.name), "=", $._items),
    declaration: ($) =>
      seq(
        field("kind", choice(...kinds)),
        field("name", $.name),
        choice(seq("=", $._items, optional($.block)), optional($.block)),
      ),
    suite: ($) => seq("suite", field("title", $.string), optional($._items), $.body),
    expect: ($) => seq("expect", $._items, optional($.block)),
    for_each: ($) => seq("for", "each", field("name", $.name), "in", field("values", $.list), $.body),
    for_any: ($) => seq("for", "any", $._items, $.body),

    body: ($) => seq("{", lines($._newline, $._statement), "}"),
    block: ($) => seq("{", lines($._newline, $.line), "}"),
    line: ($) => $._items,

    _items: ($) => repeat1($._item),
    _item: ($) => choice($._value, $.operator, ","),
    _value: ($) => choice($.word, $.list, $.quantity, $.number, $.string, $.date),
    operator: (_) => choice("<=", ">=", "!=", "<", ">", "≤", "≥", "≠", "+", "-", "..", "="),

    list: ($) =>
      seq(
        "[",
        repeat($._newline),
        optional(
          seq(
            $._element,
            repeat(seq(",", repeat($._newline), $._element)),
            optional(seq(",", repeat($._newline))),
          ),
        ),
        "]",
      ),
    _element: ($) => seq($._value, repeat($._newline)),

    name: ($) => $.word,
    word: (_) => /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/,
    quantity: ($) => seq($.number, $.unit),
    unit: (_) => choice(...units),
    number: (_) => /[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?/,
    date: (_) => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,
    string: (_) => /"([^"\\\r\n]|\\[^\r\n])*"/,

    doc: (_) => token(prec(1, /##[^\r\n]*/)),
    comment: (_) => token(/#[^\r\n]*/),
    _newline: (_) => newline,
  },
});
