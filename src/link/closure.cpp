// The symbol closure of whole files: which names are referred to and defined by no member at all.
//
// This is the cheap question, and it is asked of hundreds of megabytes, so it is answered without building a
// link: every thread reads files and sorts the mentions of names into shards by their hash; then each shard
// is a problem of its own. A mention is 24 bytes, and the texts stay in the mapped files. Half of the time is
// the kernel's, which maps and unmaps pages; so that is left to the threads too.

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <thread>

#include <llvm/Support/xxhash.h>

#include "linkdx/link.hpp"

namespace linkdx::link {

namespace {

using artifact::Binding;
using artifact::State;

constexpr std::size_t shard_count = 64;

/// Two names are the same when their lengths and 96 bits of hash are: comparing the texts would fetch each of
/// them again, and that costs more than all the rest. Chance does not make two such hashes equal.
struct Mention {
  std::uint64_t low;
  const char* text;  ///< null in an empty slot
  std::uint32_t high;
  std::uint32_t size : 31;
  std::uint32_t defines : 1;

  bool same_name(const Mention& other) const {
    return low == other.low && high == other.high && size == other.size;
  }
};

/// A list that grows without moving what is in it.
class Mentions {
 public:
  void add(const Mention& mention) {
    if (blocks_.empty() || used_ == block_size) {
      blocks_.push_back(std::make_unique_for_overwrite<Mention[]>(block_size));
      used_ = 0;
    }
    blocks_.back()[used_++] = mention;
  }
  std::size_t size() const { return blocks_.empty() ? 0 : (blocks_.size() - 1) * block_size + used_; }

  template <class Visit>
  void visit(Visit visit) const {
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      const std::size_t count = block + 1 == blocks_.size() ? used_ : block_size;
      for (std::size_t i = 0; i < count; ++i) visit(blocks_[block][i]);
    }
  }

 private:
  static constexpr std::size_t block_size = 512;
  std::vector<std::unique_ptr<Mention[]>> blocks_;
  std::size_t used_ = 0;  ///< of the last block
};

/// Open addressing over one shard's mentions; no more than half full. Used for one shard after the other, as
/// fresh memory costs more than clearing what is there.
class ShardTable {
 public:
  void start(std::size_t mentions) { slots_.assign(std::bit_ceil(2 * mentions + 2), Mention()); }

  void add(const Mention& mention) {
    std::size_t at = mention.low & (slots_.size() - 1);
    while (slots_[at].text && !slots_[at].same_name(mention)) at = (at + 1) & (slots_.size() - 1);
    if (!slots_[at].text)
      slots_[at] = mention;
    else if (mention.defines)
      slots_[at].defines = 1;
  }

  std::vector<std::string> undefined() const {
    std::vector<std::string> result;
    for (const Mention& slot : slots_)
      if (slot.text && !slot.defines) result.emplace_back(slot.text, slot.size);
    return result;
  }

 private:
  std::vector<Mention> slots_;
};

struct Worker {
  std::array<Mentions, shard_count> shards;
  std::uint64_t objects = 0, definitions = 0, references = 0;

  void read(const artifact::File& file) {
    for (const std::unique_ptr<artifact::Object>& object : file.objects()) {
      ++objects;
      object->visit_symbols([this](const artifact::Symbol& symbol) { add(symbol); });
    }
  }

  void add(const artifact::Symbol& symbol) {
    const bool defines = symbol.state != State::Undefined;
    if (!defines && symbol.binding == Binding::Weak) return;
    ++(defines ? definitions : references);
    const llvm::XXH128_hash_t hash =
        llvm::xxh3_128bits({reinterpret_cast<const std::uint8_t*>(symbol.name.data()), symbol.name.size()});
    // The table inside a shard uses the low bits.
    shards[hash.low64 >> 58].add({.low = hash.low64,
                                  .text = symbol.name.data(),
                                  .high = static_cast<std::uint32_t>(hash.high64),
                                  .size = static_cast<std::uint32_t>(symbol.name.size()) & 0x7fffffff,
                                  .defines = defines});
  }
};

std::vector<std::string> undefined_of_shard(const std::vector<Worker>& workers, std::size_t number,
                                            ShardTable& shard) {
  std::size_t mentions = 0;
  for (const Worker& worker : workers) mentions += worker.shards[number].size();
  shard.start(mentions);
  for (const Worker& worker : workers)
    worker.shards[number].visit([&shard](const Mention& mention) { shard.add(mention); });
  return shard.undefined();
}

/// Runs `work(thread)` in each thread.
template <class Work>
void in_threads(unsigned count, Work work) {
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < count; ++i) threads.emplace_back(work, i);
  work(0U);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

Closure closure(const std::vector<std::string>& paths, unsigned threads) {
  threads = std::clamp(threads, 1U, 64U);
  std::vector<std::unique_ptr<artifact::File>> files(paths.size());
  std::vector<std::vector<Skipped>> problems(paths.size());
  std::vector<Worker> workers(threads);
  std::atomic<std::size_t> next = 0;
  in_threads(threads, [&](unsigned thread) {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      llvm::Expected<std::unique_ptr<artifact::File>> file =
          artifact::open(paths[i], artifact::ReadIndex::No);
      if (!file) {
        problems[i].push_back({paths[i], llvm::toString(file.takeError())});
        continue;
      }
      problems[i].assign((*file)->problems().begin(), (*file)->problems().end());
      workers[thread].read(**file);
      files[i] = std::move(*file);
    }
  });

  std::array<std::vector<std::string>, shard_count> undefined;
  next = 0;
  in_threads(threads, [&](unsigned) {
    ShardTable table;
    for (std::size_t shard = next++; shard < shard_count; shard = next++)
      undefined[shard] = undefined_of_shard(workers, shard, table);
  });
  next = 0;
  in_threads(threads, [&](unsigned) {
    for (std::size_t i = next++; i < files.size(); i = next++) files[i].reset();
  });

  Closure result;
  for (const Worker& worker : workers) {
    result.objects += worker.objects;
    result.definitions += worker.definitions;
    result.references += worker.references;
  }
  for (std::vector<std::string>& names : undefined)
    std::move(names.begin(), names.end(), std::back_inserter(result.undefined));
  std::sort(result.undefined.begin(), result.undefined.end());
  for (std::vector<Skipped>& found : problems)
    std::move(found.begin(), found.end(), std::back_inserter(result.problems));
  return result;
}

}  // namespace linkdx::link
