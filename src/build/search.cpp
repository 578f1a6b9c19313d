// Where a text stands in a package's sources: does anything read this environment variable, what gates that
// call? A plain search for bytes, in files that are text (no zero byte near the start), leaving out what a
// build made and what version control keeps. The order is that of the paths.
#include <set>

#include "files.hpp"
#include "linkdx/build.hpp"

namespace linkdx::build {
namespace {

constexpr int most_depth = 24;
constexpr std::size_t most_files = 50'000;
constexpr std::size_t most_source_bytes = 4 << 20;
constexpr std::size_t longest_line = 400;  // minified code would fill the report

bool is_build_output(const std::string& directory) {
  return is_file(join(directory, "CACHEDIR.TAG")) || is_file(join(directory, "CMakeCache.txt")) ||
         is_file(join(directory, ".rustc_info.json"));
}

class Search {
 public:
  Search(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  void directory(const std::string& path, int depth) {
    if (depth > most_depth || full() || !seen_.insert(identity(path)).second) return;
    if (depth > 0 && is_build_output(path)) return;
    for (const Entry& entry : list(path, ignored_)) {
      if (full()) return;
      if (entry.name == ".git" || entry.name == ".hg" || entry.name == ".svn" || entry.name == ".jj" ||
          entry.name == "node_modules")
        continue;
      std::string child = join(path, entry.name);
      if (entry.directory)
        directory(child, depth + 1);
      else
        file(child);
    }
  }

  std::vector<Occurrence> take() { return std::move(found_); }

 private:
  bool full() const { return found_.size() >= most_ || files_ >= most_files; }

  void file(const std::string& path) {
    if (!is_file(path)) return;
    ++files_;
    std::optional<std::string> content = read_text(path, ignored_, most_source_bytes);
    if (!content || content->find(text_) == std::string::npos) return;
    if (std::string_view(*content).substr(0, 4096).find('\0') != std::string_view::npos) return;
    Lines lines(*content);
    for (std::string_view line; !full() && lines.next(line);)
      if (line.find(text_) != std::string_view::npos)
        found_.push_back({path, {lines.number(), std::string(line.substr(0, longest_line))}});
  }

  std::string_view text_;
  std::size_t most_;
  std::size_t files_ = 0;
  std::set<std::string> seen_;
  std::vector<Occurrence> found_;
  std::vector<Skipped> ignored_;
};

}  // namespace

std::vector<Occurrence> search_sources(const std::string& directory, std::string_view text,
                                       std::size_t most) {
  if (text.empty()) return {};
  Search search(text, most);
  search.directory(absolute(directory), 0);
  return search.take();
}

}  // namespace linkdx::build
