// The node kinds of tree-sitter-python that this program knows, as a dense enum, so that no code
// compares strings. Entry point: KindOfSymbol. A kind that is not listed is None: its node is left
// out of the flat tree (scan/trees/tree.h), but not what stands below it.
#pragma once

#include <cstdint>

namespace pydefrag {

// X(enumerator, spelling in the grammar, whether it is a named node)
#define PYDEFRAG_NODE_KINDS(X)                                                                     \
  X(Module, "module", true)                                                                        \
  X(Identifier, "identifier", true)                                                                \
  X(ImportStatement, "import_statement", true)                                                     \
  X(ImportFromStatement, "import_from_statement", true)                                            \
  X(FutureImportStatement, "future_import_statement", true)                                        \
  X(ImportPrefix, "import_prefix", true)                                                           \
  X(RelativeImport, "relative_import", true)                                                       \
  X(AliasedImport, "aliased_import", true)                                                         \
  X(WildcardImport, "wildcard_import", true)                                                       \
  X(DottedName, "dotted_name", true)                                                               \
  X(PrintStatement, "print_statement", true)                                                       \
  X(Chevron, "chevron", true)                                                                      \
  X(ExecStatement, "exec_statement", true)                                                         \
  X(AssertStatement, "assert_statement", true)                                                     \
  X(ExpressionStatement, "expression_statement", true)                                             \
  X(ReturnStatement, "return_statement", true)                                                     \
  X(DeleteStatement, "delete_statement", true)                                                     \
  X(RaiseStatement, "raise_statement", true)                                                       \
  X(PassStatement, "pass_statement", true)                                                         \
  X(BreakStatement, "break_statement", true)                                                       \
  X(ContinueStatement, "continue_statement", true)                                                 \
  X(GlobalStatement, "global_statement", true)                                                     \
  X(NonlocalStatement, "nonlocal_statement", true)                                                 \
  X(TypeAliasStatement, "type_alias_statement", true)                                              \
  X(IfStatement, "if_statement", true)                                                             \
  X(ElifClause, "elif_clause", true)                                                               \
  X(ElseClause, "else_clause", true)                                                               \
  X(ForStatement, "for_statement", true)                                                           \
  X(WhileStatement, "while_statement", true)                                                       \
  X(TryStatement, "try_statement", true)                                                           \
  X(ExceptClause, "except_clause", true)                                                           \
  X(FinallyClause, "finally_clause", true)                                                         \
  X(WithStatement, "with_statement", true)                                                         \
  X(WithClause, "with_clause", true)                                                               \
  X(WithItem, "with_item", true)                                                                   \
  X(MatchStatement, "match_statement", true)                                                       \
  X(CaseClause, "case_clause", true)                                                               \
  X(FunctionDefinition, "function_definition", true)                                               \
  X(ClassDefinition, "class_definition", true)                                                     \
  X(DecoratedDefinition, "decorated_definition", true)                                             \
  X(Decorator, "decorator", true)                                                                  \
  X(Block, "block", true)                                                                          \
  X(Parameters, "parameters", true)                                                                \
  X(LambdaParameters, "lambda_parameters", true)                                                   \
  X(TypeParameter, "type_parameter", true)                                                         \
  X(Type, "type", true)                                                                            \
  X(ArgumentList, "argument_list", true)                                                           \
  X(KeywordArgument, "keyword_argument", true)                                                     \
  X(ListSplat, "list_splat", true)                                                                 \
  X(ListSplatPattern, "list_splat_pattern", true)                                                  \
  X(DictionarySplat, "dictionary_splat", true)                                                     \
  X(DictionarySplatPattern, "dictionary_splat_pattern", true)                                      \
  X(NamedExpression, "named_expression", true)                                                     \
  X(AsPattern, "as_pattern", true)                                                                 \
  X(AsPatternTarget, "as_pattern_target", true)                                                    \
  X(ExpressionList, "expression_list", true)                                                       \
  X(PatternList, "pattern_list", true)                                                             \
  X(Tuple, "tuple", true)                                                                          \
  X(TuplePattern, "tuple_pattern", true)                                                           \
  X(List, "list", true)                                                                            \
  X(ListPattern, "list_pattern", true)                                                             \
  X(Set, "set", true)                                                                              \
  X(Dictionary, "dictionary", true)                                                                \
  X(Pair, "pair", true)                                                                            \
  X(ListComprehension, "list_comprehension", true)                                                 \
  X(SetComprehension, "set_comprehension", true)                                                   \
  X(DictionaryComprehension, "dictionary_comprehension", true)                                     \
  X(GeneratorExpression, "generator_expression", true)                                             \
  X(ForInClause, "for_in_clause", true)                                                            \
  X(IfClause, "if_clause", true)                                                                   \
  X(ConditionalExpression, "conditional_expression", true)                                         \
  X(ParenthesizedExpression, "parenthesized_expression", true)                                     \
  X(NotOperator, "not_operator", true)                                                             \
  X(BooleanOperator, "boolean_operator", true)                                                     \
  X(BinaryOperator, "binary_operator", true)                                                       \
  X(UnaryOperator, "unary_operator", true)                                                         \
  X(ComparisonOperator, "comparison_operator", true)                                               \
  X(Lambda, "lambda", true)                                                                        \
  X(Assignment, "assignment", true)                                                                \
  X(AugmentedAssignment, "augmented_assignment", true)                                             \
  X(Yield, "yield", true)                                                                          \
  X(Await, "await", true)                                                                          \
  X(Attribute, "attribute", true)                                                                  \
  X(Subscript, "subscript", true)                                                                  \
  X(Slice, "slice", true)                                                                          \
  X(Call, "call", true)                                                                            \
  X(String, "string", true)                                                                        \
  X(ConcatenatedString, "concatenated_string", true)                                               \
  X(Interpolation, "interpolation", true)                                                          \
  X(Integer, "integer", true)                                                                      \
  X(Float, "float", true)                                                                          \
  X(True, "true", true)                                                                            \
  X(False, "false", true)                                                                          \
  X(None_, "none", true)                                                                           \
  X(Ellipsis, "ellipsis", true)                                                                    \
  X(CasePattern, "case_pattern", true)                                                             \
  X(UnionPattern, "union_pattern", true)                                                           \
  X(DictPattern, "dict_pattern", true)                                                             \
  X(KeywordPattern, "keyword_pattern", true)                                                       \
  X(SplatPattern, "splat_pattern", true)                                                           \
  X(ClassPattern, "class_pattern", true)                                                           \
  X(ComplexPattern, "complex_pattern", true)                                                       \
  X(Comment, "comment", true)                                                                      \
  X(TokenComma, ",", false)                                                                        \
  X(TokenAsync, "async", false)                                                                    \
  X(TokenUnderscore, "_", false)                                                                   \
  X(TokenPlus, "+", false)                                                                         \
  X(TokenMinus, "-", false)                                                                        \
  X(TokenStar, "*", false)                                                                         \
  X(TokenStarStar, "**", false)                                                                    \
  X(TokenSlash, "/", false)                                                                        \
  X(TokenSlashSlash, "//", false)                                                                  \
  X(TokenPercent, "%", false)                                                                      \
  X(TokenAt, "@", false)                                                                           \
  X(TokenAmpersand, "&", false)                                                                    \
  X(TokenBar, "|", false)                                                                          \
  X(TokenCaret, "^", false)                                                                        \
  X(TokenShiftLeft, "<<", false)                                                                   \
  X(TokenShiftRight, ">>", false)                                                                  \
  X(TokenTilde, "~", false)                                                                        \
  X(TokenNot, "not", false)                                                                        \
  X(TokenAnd, "and", false)                                                                        \
  X(TokenOr, "or", false)                                                                          \
  X(TokenLess, "<", false)                                                                         \
  X(TokenLessEqual, "<=", false)                                                                   \
  X(TokenEqualEqual, "==", false)                                                                  \
  X(TokenNotEqual, "!=", false)                                                                    \
  X(TokenGreaterEqual, ">=", false)                                                                \
  X(TokenGreater, ">", false)                                                                      \
  X(TokenLessGreater, "<>", false)                                                                 \
  X(TokenIn, "in", false)                                                                          \
  X(TokenNotIn, "not in", false)                                                                   \
  X(TokenIs, "is", false)                                                                          \
  X(TokenIsNot, "is not", false)                                                                   \
  X(TokenPlusAssign, "+=", false)                                                                  \
  X(TokenMinusAssign, "-=", false)                                                                 \
  X(TokenStarAssign, "*=", false)                                                                  \
  X(TokenSlashAssign, "/=", false)                                                                 \
  X(TokenAtAssign, "@=", false)                                                                    \
  X(TokenSlashSlashAssign, "//=", false)                                                           \
  X(TokenPercentAssign, "%=", false)                                                               \
  X(TokenStarStarAssign, "**=", false)                                                             \
  X(TokenShiftRightAssign, ">>=", false)                                                           \
  X(TokenShiftLeftAssign, "<<=", false)                                                            \
  X(TokenAmpersandAssign, "&=", false)                                                             \
  X(TokenCaretAssign, "^=", false)                                                                 \
  X(TokenBarAssign, "|=", false)

enum class NodeKind : uint8_t {
  None,
#define PYDEFRAG_ENUMERATOR(name, spelling, named) name,
  PYDEFRAG_NODE_KINDS(PYDEFRAG_ENUMERATOR)
#undef PYDEFRAG_ENUMERATOR
};

// The kind of a symbol of the grammar; None for symbols that are not listed.
NodeKind KindOfSymbol(uint16_t symbol);

// Operators and other tokens, kept only where a converter asks for them.
constexpr bool IsToken(NodeKind kind) {
  return kind >= NodeKind::TokenComma;
}

} // namespace pydefrag
