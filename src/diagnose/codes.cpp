// The codes: one row per rule, with the page that `linkdx explain` prints. A code is never reused.
#include "linkdx/language.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

const std::vector<RuleInfo>& rules() {
  static const std::vector<RuleInfo> table = {
#include "codes.inc"
  };
  return table;
}

}  // namespace linkdx::diagnose
