// What each byte that is an event means to the line lexer, which decides by the context.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pydefrag {

enum class Event : uint8_t {
  None,
  LineBreak,
  Open,
  Close,
  Quote,
  Comment,
  Backslash,
  Semicolon,
  Number,
  Bad,
};

inline constexpr std::array<Event, 256> kEvents = [] {
  std::array<Event, 256> events{};
  auto set = [&events](std::string_view bytes, Event event) {
    for (char c : bytes) {
      events[static_cast<unsigned char>(c)] = event;
    }
  };
  set("\n\r", Event::LineBreak);
  set("([{", Event::Open);
  set(")]}", Event::Close);
  set("'\"", Event::Quote);
  set("#", Event::Comment);
  set("\\", Event::Backslash);
  set(";", Event::Semicolon);
  set("0123456789", Event::Number);
  set("`$?<", Event::Bad);
  return events;
}();

} // namespace pydefrag
