// Where code ends, where it jumps, and whether it runs on into what is behind it.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "linkdx/code_flow.hpp"

using namespace linkdx::isa;

namespace {

std::string told(const CodeFlow& flow) {
  std::string text = "ends";
  for (const CodeFlow::End& end : flow.ends) text += fmt::format(" {}..{}", end.behind, end.next);
  text += "; jumps";
  for (const CodeFlow::Jump& jump : flow.jumps) text += fmt::format(" {}->{}", jump.at, jump.target);
  text += "; calls";
  for (const CodeFlow::Jump& call : flow.calls) text += fmt::format(" {}->{}", call.at, call.target);
  text += "; by table";
  for (const std::uint64_t at : flow.jumps_by_table) text += fmt::format(" {}", at);
  return text + (flow.runs_on ? "; runs on" : "");
}

std::string told(Arch arch, const std::vector<std::uint8_t>& bytes) {
  return told(flow_of(arch, bytes));
}

/// The words of A64 code as its bytes.
std::string told(const std::vector<std::uint32_t>& words) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : words)
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  return told(Arch::AArch64, bytes);
}

}  // namespace

TEST_CASE("x86-64: a return ends a function, and padding behind it belongs to it") {
  // ret; nopw 0(%rax,%rax,1); int3; nop; add %eax, %eax
  CHECK(told(Arch::X86_64, {0xc3, 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00, 0xcc, 0x90, 0x01, 0xc0}) ==
        "ends 1..9; jumps; calls; by table; runs on");
}

TEST_CASE("x86-64: jumps inside are told, those that leave are not; a call need not come back") {
  // je +2; jmp -4; call -9; call 0x1000 further
  CHECK(told(Arch::X86_64, {0x74, 0x02, 0xeb, 0xfc, 0xe8, 0xf7, 0xff, 0xff, 0xff, 0xe8, 0x00, 0x10, 0x00,
                            0x00}) == "ends 4..4; jumps 0->4 2->0; calls 4->0; by table");
}

TEST_CASE(
    "x86-64: a jump through a register may lead anywhere, one through a slot leads to another function") {
  CHECK(told(Arch::X86_64, {0xff, 0xe0}) == "ends 2..2; jumps; calls; by table 0");
  CHECK(told(Arch::X86_64, {0xff, 0x25, 0x00, 0x10, 0x00, 0x00}) == "ends 6..6; jumps; calls; by table");
  CHECK(told(Arch::X86_64, {0x0f, 0x0b}) == "ends 2..2; jumps; calls; by table");
}

TEST_CASE("AArch64: returns, branches, calls and tables") {
  CHECK(told({0xb4000040, 0x94000001, 0xd65f03c0, 0xd503201f, 0x8b000000}) ==  // cbz +8; bl +4; ret; nop; add
        "ends 12..16; jumps 0->8; calls 4->8; by table; runs on");
  CHECK(told({0x17ffffff, 0xd61f0200}) == "ends 4..4 8..8; jumps; calls; by table 4");  // b -4; br x16
  CHECK(told({0xd65f0bff}) == "ends 4..4; jumps; calls; by table");                     // retaa
}

TEST_CASE("code that is cut short, and other architectures") {
  CHECK(told(Arch::X86_64, {0xe8, 0x00}) == "ends; jumps; calls; by table");
  CHECK(told(Arch::AArch64, {0xc0, 0x03}) == "ends; jumps; calls; by table");
  CHECK(told(Arch::RiscV64, {0x82, 0x80}) == "ends; jumps; calls; by table");
}
