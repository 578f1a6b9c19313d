// Decodes the code of many objects. Work is handed out in batches of about the same number of bytes, whatever objects they come
// from, so that one large library keeps all cores busy too. Each batch writes only to its own stretches of code, so the result does not
// depend on who decoded what.
#include "linkdx/scan.hpp"

#include <atomic>
#include <thread>

namespace linkdx::scan {
namespace {

constexpr std::size_t batch_bytes = std::size_t{256} << 10;

struct Batch {
  ScannedObject* object;
  std::size_t first, last;   ///< of its code
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

void decode_batch(const Batch& batch) {
  const ScannedCode* previous = nullptr;
  for (std::size_t i = batch.first; i < batch.last; ++i) {
    ScannedCode& code = batch.object->code[i];
    // Several names for one function are common; it is decoded once.
    if (previous != nullptr && previous->bytes.data() == code.bytes.data() && previous->bytes.size() == code.bytes.size()) {
      code.own = previous->own;
      code.branches = previous->branches;
    } else {
      code.own = isa::from_code(batch.object->arch, code.bytes, code.address, &code.branches);
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
    result[i].code = code_of(*objects[i]);
  });
  const std::vector<Batch> batches = batches_of(result);
  for_each_index(batches.size(), threads, [&](std::size_t i) { decode_batch(batches[i]); });
  for_each_index(result.size(), threads, [&](std::size_t i) {
    follow_calls(result[i]);
    result[i].features = isa::FeatureSet(result[i].arch);
    for (const ScannedCode& code : result[i].code)
      if (!code.is_data()) result[i].features.add(code.own.features);
  });
  return result;
}

isa::FeatureSet above_baseline(const isa::FeatureSet& features) {
  return isa::without_implied(isa::with_implied(features).minus(isa::baseline(features.arch())));
}

}  // namespace linkdx::scan
