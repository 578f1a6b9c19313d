// The text of a stub, from YAML (versions 1 to 4) or JSON (5) to one list of what is exported where.
//
// Only what the tools of Apple and LLVM write is read of YAML: keys in the first column, lists of records
// below `exports:` and its kin, values in one line or in brackets over several. LLVM's own reader (TextAPI)
// does more, and does not survive every broken text.
//
// Source: llvm/lib/TextAPI/TextStub.cpp and TextStubV5.cpp, which name the keys of each version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

enum class StubKind { Symbol, WeakSymbol, ThreadLocal, Class, ExceptionType, InstanceVariable };

struct StubRecord {
  std::vector<std::string> targets;  ///< `arm64-macos`; in versions 1 to 3 `arm64`
  StubKind kind = StubKind::Symbol;
  std::vector<std::string> names;
};

struct StubText {
  std::vector<std::string> targets;
  std::string platform{};  ///< versions 1 to 3, for all architectures: `macosx`
  std::string install_name{};
  bool marked_names = false;             ///< versions 1 and 2 write Objective-C's names with an underscore
  std::vector<std::string> libraries{};  ///< that are re-exported
  std::vector<StubRecord> records{};
  std::string fault{};  ///< why the text is none; empty when it is
};

StubText read_stub_text(std::string_view text);

}  // namespace linkdx::artifact
