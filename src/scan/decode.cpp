// Decodes the code of many objects. Work is handed out in batches of about the same number of bytes, whatever
// objects they come from, so that one large library keeps all cores busy too. Each batch writes only to its
// own stretches of code, so the result does not depend on who decoded what.
#include <algorithm>
#include <atomic>
#include <thread>

#include <llvm/BinaryFormat/ELF.h>

#include "mapping.hpp"
#include "nameless.hpp"
#include "places.hpp"

namespace linkdx::scan {
namespace {

constexpr std::size_t batch_bytes = std::size_t{256} << 10;

struct Batch {
  ScannedObject* object;
  std::size_t first, last;  ///< of its code
};

std::vector<Batch> batches_of(std::vector<ScannedObject>& objects) {
  std::vector<Batch> batches;
  for (ScannedObject& object : objects) {
    std::size_t bytes = 0, first = 0;
    for (std::size_t i = 0; i < object.code.size(); ++i) {
      bytes += object.code[i].bytes.size();
      if (bytes < batch_bytes && i + 1 < object.code.size()) continue;
      batches.push_back({&object, first, i + 1});
      first = i + 1;
      bytes = 0;
    }
  }
  return batches;
}

/// Addresses in a linked file that are worth remembering: code, and data that can change or that the loader
/// fills in.
class Worthwhile {
 public:
  explicit Worthwhile(const artifact::Object& object) : linked_(is_linked(object)) {
    if (!linked_) return;
    for (const artifact::Section& section : object.sections())
      if ((section.flags & llvm::ELF::SHF_ALLOC) != 0 &&
          (section.flags & (llvm::ELF::SHF_WRITE | llvm::ELF::SHF_EXECINSTR)) != 0) {
        // The size of .bss is not in the contents; it lies last.
        const std::uint64_t size = section.type == llvm::ELF::SHT_NOBITS ? ~std::uint64_t{0} - section.address
                                                                         : section.contents.size();
        ranges_.push_back({section.address, section.address + size});
      }
  }
  bool operator()(const isa::Reference& reference) const {
    return !linked_ || std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
      return reference.target >= range.first && reference.target < range.second;
    });
  }

 private:
  bool linked_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;
};

void read_references(const ScannedObject& object, ScannedCode& code, const Worthwhile& worthwhile) {
  isa::CodeReferences found = isa::references_of(object.arch, code.bytes, code.address);
  std::erase_if(found.places,
                [&worthwhile](const isa::Reference& reference) { return !worthwhile(reference); });
  found.places.shrink_to_fit();
  code.references = std::move(found.places);
  code.asks_cpu = found.asks_cpu;
}

void decode_one(const ScannedObject& object, ScannedCode& code, const Worthwhile& worthwhile) {
  code.branches.clear();
  code.own = needs_of(object.arch, code, object.mode, code.branches);
  read_references(object, code, worthwhile);
}

void decode_batch(const Batch& batch) {
  const ScannedCode* previous = nullptr;
  const Worthwhile worthwhile(*batch.object->object);
  for (std::size_t i = batch.first; i < batch.last; ++i) {
    ScannedCode& code = batch.object->code[i];
    // Several names for one function are common; it is decoded once.
    if (previous != nullptr && previous->bytes.data() == code.bytes.data() &&
        previous->bytes.size() == code.bytes.size()) {
      code.own = previous->own;
      code.branches = previous->branches;
      read_references(*batch.object, code, worthwhile);
    } else {
      decode_one(*batch.object, code, worthwhile);
    }
    previous = &code;
  }
}

/// Calls `work(i)` for every i below `count`, on several threads.
template <class Work>
void for_each_index(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && i < count; ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

}  // namespace

std::vector<ScannedObject> decode(std::span<const artifact::Object* const> objects, unsigned threads) {
  std::vector<ScannedObject> result(objects.size());
  for_each_index(objects.size(), threads, [&](std::size_t i) {
    result[i].object = objects[i];
    result[i].arch = isa::arch_of_name(objects[i]->machine().arch);
    result[i].mode = mode_of(*objects[i]);
    result[i].code = code_of(*objects[i]);
  });
  const std::vector<Batch> batches = batches_of(result);
  for_each_index(batches.size(), threads, [&](std::size_t i) { decode_batch(batches[i]); });
  for_each_index(result.size(), threads, [&](std::size_t i) {
    const Worthwhile worthwhile(*result[i].object);
    cut_nameless(result[i], [&](ScannedCode& piece) { decode_one(result[i], piece, worthwhile); });
    follow_calls(result[i]);
    result[i].features = isa::FeatureSet(result[i].arch);
    for (const ScannedCode& code : result[i].code)
      if (!code.is_data()) result[i].features.add(code.own.features);
  });
  return result;
}

bool surely_within(const artifact::Object& object, const isa::FeatureSet& features) {
  const isa::Arch arch = isa::arch_of_name(object.machine().arch);
  bool within = true;
  object.visit_code([&](std::span<const std::uint8_t> code) {
    within = within && isa::surely_within(arch, code, features);
  });
  return within;
}

isa::FeatureSet above_baseline(const isa::FeatureSet& features) {
  return isa::without_implied(isa::with_implied(features).minus(isa::baseline(features.arch())));
}

}  // namespace linkdx::scan
