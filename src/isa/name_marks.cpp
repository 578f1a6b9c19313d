// Finding marks. A word begins where the name begins, after a separator, after a digit (`x86_64sse2`) or at a
// capital after a small letter (`InitSSE41`), and ends likewise.
#include "name_marks.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace linkdx::isa {
namespace {

constexpr MarkRow mark_rows[] = {
#define X86 X86_64
#define RiscV RiscV64
#define PowerPC PowerPC64
#define Mips Mips64
#define MARK(word, arch, place, features, bound, source) \
  {word, Arch::arch, NamePlace::place, features, NameBound::bound},
#include "name_marks.inc"
#undef MARK
#undef X86
#undef RiscV
#undef PowerPC
#undef Mips
};

struct QuestionWord {
  std::string_view word;
  enum class Side { Before, First, After } side;
};
constexpr QuestionWord question_words[] = {
#define QUESTION(word, side) {word, QuestionWord::Side::side},
#include "name_questions.inc"
#undef QUESTION
};

constexpr std::string_view weak_words[] = {
#define WEAK(word) word,
#include "name_weak.inc"
#undef WEAK
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alnum(char c) {
  return is_digit(c) || is_upper(c) || is_lower(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}

/// Rows by the first letter of their words, longest word first.
const std::array<std::vector<const MarkRow*>, 26>& rows_by_letter() {
  static const auto rows = [] {
    std::array<std::vector<const MarkRow*>, 26> result;
    for (const MarkRow& row : mark_rows) result[static_cast<std::size_t>(row.word[0] - 'a')].push_back(&row);
    for (std::vector<const MarkRow*>& list : result)
      std::stable_sort(list.begin(), list.end(),
                       [](auto* a, auto* b) { return a->word.size() > b->word.size(); });
    return result;
  }();
  return rows;
}

/// A word of several architectures (`neon`) is that of the one asked for.
bool is_for_another(const MarkRow& row, const std::vector<const MarkRow*>& rows, Arch arch) {
  return row.arch != arch && std::any_of(rows.begin(), rows.end(), [&](const MarkRow* other) {
           return other->arch == arch && other->word == row.word;
         });
}

enum class Edge { None, AfterDigit, Clean };

Edge left_edge(std::string_view text, std::size_t at) {
  if (at == 0 || !is_alnum(text[at - 1])) return Edge::Clean;
  char before = text[at - 1];
  // `CheckAlphaRGBA8888NEON`: in a name of mixed case capitals after a number begin a word.
  if (is_digit(before) && is_upper(text[at]) && at + 1 < text.size() && !is_lower(text[at + 1]) &&
      std::any_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), is_lower))
    return Edge::Clean;
  if (is_digit(before)) return Edge::AfterDigit;
  return is_lower(before) && is_upper(text[at]) ? Edge::Clean : Edge::None;
}

enum class End { None, Glued, Clean };

End right_edge(std::string_view text, std::size_t begin, std::size_t end) {
  if (end == text.size() || !is_alnum(text[end])) return End::Clean;
  if (is_digit(text[end])) return End::None;
  bool word_in_capitals = std::none_of(text.begin() + begin, text.begin() + end, is_lower);
  if (is_upper(text[end]) && !word_in_capitals) return End::Clean;  // avx2Kernel
  if (is_upper(text[end]) && end + 1 < text.size() && is_lower(text[end + 1]))
    return End::Clean;  // SSE41Init
  if (is_lower(text[end]) && word_in_capitals && is_upper(text[begin]))
    return is_digit(text[end - 1]) ? End::Glued : End::None;
  return is_digit(text[end - 1]) ? End::Glued : End::None;
}

/// Nothing after `end` but words that say no more than how wide or which variant: `_256`, `_8`, `_asm`,
/// `_unaligned_erms`.
bool is_last_word(std::string_view text, std::size_t end) {
  static constexpr std::array<std::string_view, 8> trailers = {"asm",    "impl",    "internal", "init",
                                                               "kernel", "wrapper", "func",     "handler"};
  while (end < text.size()) {
    if (is_alnum(text[end])) return false;
    std::size_t begin = end + 1;
    std::size_t stop = begin;
    while (stop < text.size() && is_alnum(text[stop])) ++stop;
    std::string_view word = text.substr(begin, stop - begin);
    if (text[end] == '.') return true;  // a local label of an assembler: `f_xop.skip_prologue`
    bool number = std::all_of(word.begin(), word.end(), is_digit);
    if (!number && !is_weak_word(word) && std::find(trailers.begin(), trailers.end(), word) == trailers.end())
      return false;
    end = stop;
  }
  return true;
}

/// Whether the words beside the mark make the name a question: see name_questions.inc.
bool is_question(std::string_view text, const Mark& mark) {
  const auto same = [](std::string_view word, std::string_view small) {
    return std::equal(word.begin(), word.end(), small.begin(), small.end(),
                      [](char a, char b) { return lower(a) == b; });
  };
  std::size_t before = mark.begin;
  while (before > 0 && !is_alnum(text[before - 1])) --before;
  std::size_t after = mark.end;
  while (after < text.size() && !is_alnum(text[after])) ++after;
  for (const QuestionWord& row : question_words) {
    const std::size_t size = row.word.size();
    if (row.side == QuestionWord::Side::After) {
      if (text.size() - after == size && same(text.substr(after), row.word)) return true;
    } else if (before >= size && same(text.substr(before - size, size), row.word)) {
      const std::size_t first = before - size;
      const bool begins =
          first == 0 || !is_alnum(text[first - 1]) || (is_lower(text[first - 1]) && is_upper(text[first]));
      const bool first_word =
          std::none_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(first), is_alnum);
      if (row.side == QuestionWord::Side::First ? first_word : begins) return true;
    }
  }
  return false;
}

/// A name that only a C library may have (C 7.1.3), or the word of a machine before the mark.
bool is_reserved(std::string_view text, std::size_t mark) {
  std::string before;
  for (const char c : text.substr(0, mark)) before += lower(c);
  return text.starts_with("__") || before.ends_with("x86_") || before.ends_with("x86_64_");
}

bool counts(const MarkRow& row, const Piece& piece, const Mark& mark, Edge left, Arch arch) {
  std::string_view text = piece.text;
  bool whole = left == Edge::Clean && mark.whole_word;
  std::size_t first = text.find_first_not_of('_');
  bool preceded = mark.begin > first && !is_alnum(text[mark.begin - 1]);
  switch (row.place) {
    case NamePlace::Anywhere:
      return true;
    case NamePlace::Word:
      return whole;
    case NamePlace::Last:
      return whole && preceded && is_last_word(text, mark.end);
    case NamePlace::LastReserved:
      return whole && preceded && is_last_word(text, mark.end) && is_reserved(text, mark.begin);
    case NamePlace::LastWhereKnown:
      return whole && preceded && is_last_word(text, mark.end) && row.arch == wide(arch);
    case NamePlace::LastOnAArch64: {
      if (!whole || !preceded || !is_last_word(text, mark.end)) return false;
      std::string before;
      for (char c : text.substr(0, mark.begin)) before += lower(c);
      return arch == Arch::AArch64 || before.ends_with("neon_");
    }
    case NamePlace::Scope:
      return piece.own_scope && mark.begin == 0 && mark.end == text.size();
    case NamePlace::Core:
      return mark.begin > 0 && text[mark.begin - 1] == '_' && mark.end == text.size() &&
             std::none_of(text.begin() + mark.begin, text.end(), is_lower);
  }
  return false;
}

}  // namespace

std::vector<Mark> marks_in(const Piece& piece, Arch arch) {
  std::vector<Mark> marks;
  std::string_view text = piece.text;
  for (std::size_t i = 0; i < text.size();) {
    char letter = lower(text[i]);
    Edge left = left_edge(text, i);
    std::size_t next = i + 1;
    if (is_lower(letter) && left != Edge::None) {
      for (const MarkRow* row : rows_by_letter()[static_cast<std::size_t>(letter - 'a')]) {
        if (row->word.size() > text.size() - i ||
            !std::equal(row->word.begin(), row->word.end(), text.begin() + i,
                        [](char a, char b) { return a == lower(b); }))
          continue;
        End right = right_edge(text, i, i + row->word.size());
        if (right == End::None) continue;
        Mark mark{row, i, i + row->word.size(), right == End::Clean};
        if (!counts(*row, piece, mark, left, arch) ||
            is_for_another(*row, rows_by_letter()[static_cast<std::size_t>(letter - 'a')], arch))
          continue;
        mark.question = is_question(text, mark);
        marks.push_back(mark);
        next = mark.end;
        break;
      }
    }
    i = next;
  }
  return marks;
}

Arch wide(Arch arch) {
  switch (arch) {
    case Arch::X86:
      return Arch::X86_64;
    case Arch::RiscV32:
      return Arch::RiscV64;
    case Arch::PowerPC:
      return Arch::PowerPC64;
    case Arch::Mips:
      return Arch::Mips64;
    default:
      return arch;
  }
}

bool is_weak_word(std::string_view word) {
  std::string small;
  for (char c : word) small += lower(c);
  return std::find(std::begin(weak_words), std::end(weak_words), small) != std::end(weak_words);
}

}  // namespace linkdx::isa
