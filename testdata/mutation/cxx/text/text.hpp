#pragma once
#include <map>
#include <string>
#include <vector>

namespace text {

std::string normalise(const std::string &line);
std::vector<std::string> split(const std::string &line, char separator);

class Counter {
 public:
  virtual ~Counter();
  virtual void add(const std::string &word);
  long total() const;

 protected:
  std::map<std::string, long> counts_;
};

class LongWords final : public Counter {
 public:
  void add(const std::string &word) override;
};

}  // namespace text
