// Prints what the log reader finds in a log, for measuring and for looking: one line a fact, tab-separated.
//
//     log_dump [--time] LOG

#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "linkdx/log.hpp"

using namespace linkdx::log;

int main(int argc, char** argv) {
  bool time = argc > 1 && std::strcmp(argv[1], "--time") == 0;
  const char* path = argc > 1 + time ? argv[1 + time] : "-";
  std::FILE* file = std::strcmp(path, "-") == 0 ? stdin : std::fopen(path, "rb");
  if (!file) return std::perror(path), 2;
  Reader reader(path);
  std::vector<char> buffer(1 << 20);
  std::clock_t spent = 0;  // of the processor: other programs may run
  while (std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file)) {
    std::clock_t begin = std::clock();
    reader.feed({buffer.data(), count});
    spent += std::clock() - begin;
  }
  Log log = reader.finish();
  for (const linkdx::Skipped& problem : log.problems) std::printf("problem\t%s\n", problem.reason.c_str());
  if (time) {
    double seconds = static_cast<double>(spent) / CLOCKS_PER_SEC;
    std::printf("%llu bytes\t%llu lines\t%zu failures\t%zu messages\t%zu commands\t%.3f s\t%.0f MB/s\n",
                static_cast<unsigned long long>(log.bytes), static_cast<unsigned long long>(log.lines),
                log.failures.size(), log.messages.size(), log.commands.size(), seconds,
                static_cast<double>(log.bytes) / 1e6 / seconds);
    return 0;
  }
  for (const Failure& failure : log.failures) {
    std::printf("failure\t%s\t%s\t%s\t%s\tunit=%s\toutput=%s\tline %llu\n",
                std::string(name_of(failure.linker)).c_str(), failure.linker_path.c_str(),
                failure.target.c_str(), failure.target_source.c_str(), failure.unit.c_str(),
                failure.output.c_str(), static_cast<unsigned long long>(failure.where.line));
    if (failure.command) {
      std::printf("command%s", failure.command->abridged ? " (abridged)" : "");
      for (const std::string& argument : failure.command->arguments) std::printf("\t%s", argument.c_str());
      std::printf("\n");
    }
    for (const SymbolError& symbol : failure.symbols) {
      std::printf("symbol\t%d\t%s\tmore=%llu%s\tprovider=%s\tmean=%s\n", static_cast<int>(symbol.kind),
                  symbol.name.c_str(), static_cast<unsigned long long>(symbol.more_references),
                  symbol.more_follow ? "+" : "", symbol.provider.c_str(), symbol.did_you_mean.c_str());
      for (const Reference& reference : symbol.references)
        std::printf("  reference\t%s\t%s\t%s\t%s:%u\t%s\n", reference.object.c_str(),
                    reference.member.c_str(), reference.function.c_str(), reference.source.c_str(),
                    reference.source_line, reference.section.c_str());
    }
    for (const InputError& input : failure.inputs)
      std::printf("input\t%d\tpath=%s\tsubject=%s\texpected=%s\tfound=%s\n", static_cast<int>(input.kind),
                  input.path.c_str(), input.subject.c_str(), input.expected.c_str(), input.found.c_str());
    for (const linkdx::Excerpt& other : failure.other) std::printf("other\t%s\n", other.text.c_str());
  }
  for (const ToolMessage& message : log.messages)
    std::printf("message\t%d\t%s\t%s\t%s:%u\tsubject=%s\t%s\n", static_cast<int>(message.kind),
                message.error ? "error" : "", message.tool.c_str(), message.source.c_str(),
                message.source_line, message.subject.c_str(), message.message.c_str());
}
