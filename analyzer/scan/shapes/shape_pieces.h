// Pieces: a shape (shape.h) cut up where its tree falls apart: the arguments of calls, the elements
// of lists and tuples and the entries of dictionaries stand for themselves, and in their place
// nothing is left. Shapes differ much more than their pieces do, and each distinct piece is parsed
// once.
//
//   a=a.a("",a=[0,a()])     a=a.a()   a("")   a(a=[])   [0]   [a()]
//
// A piece has the bracket around it that it stood in, so that it is read as it was there. What may
// be read otherwise without its neighbours stays where it is: comprehensions, lambda, `*x`,
// brackets that may be targets or patterns. Entry point: CutShape. Does not parse.
#pragma once

#include "scan/shapes/shape.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace pydefrag {

enum class PieceKind : uint8_t {
  Statement,
  Argument, // a(x)
  Element,  // [x]
  Item,     // (x,)
  Entry,    // {x:y}, {**x}
};

// Pieces of many shapes. All ranges are indices into the lists below.
struct ShapePieces {
  // A bracket that was emptied.
  struct Group {
    PieceKind kind = PieceKind::Argument; // of what stood in it
    bool comma = false;
    uint32_t token = 0; // the piece's, that opens it
    uint32_t begin = 0; // in `members`
    uint32_t end = 0;
  };
  struct Piece {
    PieceKind kind = PieceKind::Statement;
    uint32_t text = 0;         // as the function given to CutShape says
    uint32_t tokens_begin = 0; // in `tokens`
    uint32_t groups_begin = 0; // in `groups`, ascending by token
    uint32_t groups_end = 0;
  };

  std::vector<Piece> pieces;     // inner ones before those that they stood in
  std::vector<Group> groups;     // of a piece together
  std::vector<uint32_t> members; // indices of pieces
  std::vector<uint32_t> tokens;  // of each piece's tokens the shape's
};

// Appends the pieces of `shape`, which has these tokens; the last one is the statement. `number`
// gives the numbers of their texts. False when it is better parsed whole; what was appended until
// then means nothing.
bool CutShape(llvm::StringRef shape, llvm::ArrayRef<TokenPlace> tokens,
              llvm::function_ref<uint32_t(llvm::StringRef text)> number, ShapePieces &pieces);

} // namespace pydefrag
