// Streams through zlib. Entry point: MakeGunzipStream. The only user of zlib.
#pragma once

#include "source/byte_stream.h"

#include <memory>

namespace pydefrag {

// The uncompressed bytes of a .gz file, members one after another. What could be inflated before a
// defect is delivered; error() then says what is wrong.
std::unique_ptr<ByteStream> MakeGunzipStream(std::unique_ptr<ByteStream> compressed);

} // namespace pydefrag
