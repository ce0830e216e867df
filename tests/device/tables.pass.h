#pragma once
#include <gtest/gtest.h>

#include <string>
#include <unordered_map>

#include "device/bytes.h"
#include "device/cases.h"
#include "device/hash_table.h"
#include "device/reference.h"

namespace rustg::device {

// Strings of a test: all in one padded text.
struct Strings {
  std::vector<uint8_t> text;
  std::vector<ByteSpan> spans;

  void add(std::string_view string) {
    spans.push_back({uint32_t(text.size()), uint32_t(string.size())});
    text.insert(text.end(), string.begin(), string.end());
  }
  std::string_view operator[](size_t i) const {
    return {reinterpret_cast<const char*>(text.data()) + spans[i].offset, spans[i].length};
  }
};

// `count` strings of which about `different` differ, of all lengths and alignments.
inline Strings some_strings(uint32_t count, uint32_t different, uint32_t seed) {
  Strings strings;
  for (uint32_t word : random_words(count, different, seed)) {
    std::string string = std::to_string(word);
    if (word % 5 == 0) string = std::string(word % 41, 'x') + string;
    if (word % 1000 == 7) string += std::string(1000 + word % 2000, 'y') + std::to_string(word);
    if (word % 97 == 0) string.clear();
    strings.add(string);
  }
  return strings;
}

// The strings from `first` on, where the queue has them, and room for their numbers.
struct StringsOnQueue {
  uint32_t count;
  Buffer<uint8_t> text;
  Buffer<ByteSpan> spans;
  Buffer<uint32_t> ids;
  uint32_t first;

  template <class Queue>
  StringsOnQueue(Queue& queue, const Strings& strings, uint32_t first)
      : count(uint32_t(strings.spans.size()) - first),
        spans(queue.upload(strings.spans)),
        ids(queue.template allocate<uint32_t>(count)),
        first(first) {
    std::vector<uint8_t> padded = strings.text;
    padded.resize(padded.size() + kBytePadding, 0xee);
    text = queue.upload(padded);
  }
  const ByteSpan* span() const { return spans.data() + first; }
};

template <class Queue>
std::vector<uint32_t> intern(Queue& queue, HashTable& table, const Strings& strings, uint32_t first = 0) {
  const StringsOnQueue on(queue, strings, first);
  const ByteSpan* span = on.span();
  table.intern(
      queue, on.count, on.text.data(), [=] RUSTG_HD(uint32_t i) { return span[i]; }, on.ids.data());
  return queue.download(on.ids.data(), on.count);
}

template <class Queue>
void strings_are_numbered_by_first_occurrence(Queue& queue) {
  for (uint32_t count : {0u, 1u, 1000u, 200'000u}) {
    for (uint32_t different : {1u, 50u, 1u << 20}) {
      HashTable table(queue, std::max(16u, std::min(count * 2, different)));
      std::unordered_map<std::string, uint32_t> expected;
      // Two batches over one growing text: the second one meets strings of the first.
      Strings strings = some_strings(count, different, 11);
      Strings more = some_strings(count, different, 12);
      for (int batch = 0; batch < 2; ++batch) {
        uint32_t first = batch == 0 ? 0 : count;
        if (batch == 1) {
          for (uint32_t i = 0; i < count; ++i) strings.add(more[i]);
        }
        std::vector<uint32_t> got = intern(queue, table, strings, first);
        for (uint32_t i = 0; i < count; ++i) {
          uint32_t id = expected.try_emplace(std::string(strings[first + i]), uint32_t(expected.size())).first->second;
          ASSERT_EQ(got[i], id) << i << " of " << count << ", batch " << batch;
        }
        ASSERT_EQ(queue.read(table.size()), expected.size());
        ASSERT_EQ(queue.read(table.overflow()), 0u);
      }
      std::vector<ByteSpan> keys = queue.download(table.ref().keys, expected.size());
      for (uint32_t id = 0; id < keys.size(); ++id) {
        std::string key(reinterpret_cast<const char*>(strings.text.data()) + keys[id].offset, keys[id].length);
        ASSERT_EQ(expected.at(key), id);
      }
    }
  }
}

// One thread's insertions one by one, among those of batches.
template <class Queue>
void one_thread_may_intern_alone(Queue& queue) {
  constexpr uint32_t kFirst = 3000, kMore = 5000;
  HashTable table(queue, 6000);
  Strings strings = some_strings(kFirst, 2000, 21), more = some_strings(kMore, 4000, 22);
  std::unordered_map<std::string, uint32_t> expected;
  intern(queue, table, strings);
  for (uint32_t i = 0; i < kFirst; ++i) expected.try_emplace(std::string(strings[i]), uint32_t(expected.size()));
  for (uint32_t i = 0; i < kMore; ++i) strings.add(more[i]);
  const StringsOnQueue on(queue, strings, kFirst);
  const uint8_t* bytes = on.text.data();
  const ByteSpan* span = on.span();
  uint32_t* out = on.ids.data();
  HashTableRef ref = table.ref();
  queue.for_each(1, [=] RUSTG_HD(uint32_t) {
    for (uint32_t i = 0; i != kMore; ++i) {
      const uint64_t hash = hash_bytes(bytes + span[i].offset, span[i].length);
      const uint32_t at = ref.skip_others(hash, ref.prefetch_slot(hash));
      ref.prefetch_text(bytes, at);
      out[i] = ref.intern_alone(bytes, span[i], hash, at);
    }
  });
  std::vector<uint32_t> got = queue.download(out, kMore);
  for (uint32_t i = 0; i < kMore; ++i) {
    uint32_t id = expected.try_emplace(std::string(more[i]), uint32_t(expected.size())).first->second;
    ASSERT_EQ(got[i], id) << i;
  }
  ASSERT_EQ(queue.read(table.size()), expected.size());
  // And batches again.
  std::vector<uint32_t> again = intern(queue, table, strings, kFirst);
  ASSERT_EQ(again, got);
}

// Many threads at once, and numbers afterwards in the order of the strings.
template <class Queue>
void many_threads_may_intern_among(Queue& queue) {
  constexpr uint32_t kFirst = 3000, kMore = 50'000, kCapacity = 40'000;
  HashTable table(queue, kCapacity);
  Strings strings = some_strings(kFirst, 2000, 23), more = some_strings(kMore, 30'000, 24);
  std::unordered_map<std::string, uint32_t> expected;
  intern(queue, table, strings);
  for (uint32_t i = 0; i < kFirst; ++i) expected.try_emplace(std::string(strings[i]), uint32_t(expected.size()));
  for (uint32_t i = 0; i < kMore; ++i) strings.add(more[i]);
  const StringsOnQueue on(queue, strings, kFirst);
  const uint8_t* bytes = on.text.data();
  const ByteSpan* span = on.span();
  uint32_t* out = on.ids.data();
  HashTableRef ref = table.ref();
  queue.for_each(
      kMore,
      [=] RUSTG_HD(uint32_t i) {
        const uint64_t hash = hash_bytes(bytes + span[i].offset, span[i].length);
        const uint32_t at = ref.skip_others(hash, ref.prefetch_slot(hash));
        out[i] = ref.intern_among(bytes, span[i], hash, at, i, [=](uint32_t k) { return span[k]; });
      },
      64);
  std::vector<uint32_t> unsettled = queue.download(out, kMore);
  for (uint32_t i = 0; i < kMore; ++i) {
    auto known = expected.find(std::string(more[i]));
    if (known == expected.end()) {
      ASSERT_TRUE(HashTableRef::is_unsettled(unsettled[i])) << i;
    } else {
      ASSERT_EQ(unsettled[i], known->second) << i;
    }
  }
  queue.for_each(1, [=] RUSTG_HD(uint32_t) {
    for (uint32_t i = 0; i != kMore; ++i) {
      if (HashTableRef::is_unsettled(out[i])) out[i] = ref.settle(out[i], i, [=](uint32_t k) { return span[k]; });
    }
  });
  std::vector<uint32_t> got = queue.download(out, kMore);
  for (uint32_t i = 0; i < kMore; ++i) {
    uint32_t id = expected.try_emplace(std::string(more[i]), uint32_t(expected.size())).first->second;
    ASSERT_EQ(got[i], id) << i;
  }
  ASSERT_EQ(queue.read(table.size()), expected.size());
  ASSERT_EQ(queue.read(table.overflow()), 0u);
  std::vector<uint32_t> again = intern(queue, table, strings, kFirst);
  ASSERT_EQ(again, got);
}

template <class Queue>
void strings_are_found(Queue& queue) {
  HashTable table(queue, 100'000);
  Strings strings = some_strings(50'000, 30'000, 3), probes = some_strings(50'000, 60'000, 4);
  strings.spans[17].length = HashTable::kSkip;
  std::vector<uint32_t> ids = intern(queue, table, strings);
  EXPECT_EQ(ids[17], HashTable::kNone);
  std::unordered_map<std::string, uint32_t> expected;
  for (uint32_t i = 0; i < ids.size(); ++i) {
    if (i != 17) expected[std::string(strings[i])] = ids[i];
  }
  strings.text.resize(strings.text.size() + kBytePadding);
  probes.text.resize(probes.text.size() + kBytePadding);
  Buffer<uint8_t> text = queue.upload(strings.text), other = queue.upload(probes.text);
  Buffer<ByteSpan> spans = queue.upload(probes.spans);
  Buffer<uint32_t> found = queue.template allocate<uint32_t>(50'000);
  const ByteSpan* span = spans.data();
  table.find(
      queue, 50'000u, text.data(), other.data(), [=] RUSTG_HD(uint32_t i) { return span[i]; }, found.data());
  std::vector<uint32_t> got = queue.download(found.data(), 50'000);
  size_t missing = 0;
  for (uint32_t i = 0; i < 50'000; ++i) {
    auto known = expected.find(std::string(probes[i]));
    ASSERT_EQ(got[i], known == expected.end() ? HashTable::kNone : known->second) << probes[i];
    missing += known == expected.end();
  }
  EXPECT_GT(missing, 1000u);
}

template <class Queue>
void words_and_bytes_agree(Queue& queue) {
  // Every alignment and length: a word of bytes, comparison, and a hash that both devices agree on.
  std::vector<uint8_t> text(256 + kBytePadding);
  for (size_t i = 0; i < text.size(); ++i) text[i] = uint8_t(i * 7 + (i >> 5));
  Buffer<uint8_t> there = queue.upload(text);
  Buffer<uint64_t> out = queue.template allocate<uint64_t>(3 * 64 * 64);
  const uint8_t* bytes = there.data();
  uint64_t* to = out.data();
  queue.for_each(64 * 64, [=] RUSTG_HD(uint32_t i) {
    uint32_t offset = i / 64, length = i % 64;
    to[3 * i] = load_word(bytes + offset, length % 8 + 1);
    to[3 * i + 1] = hash_bytes(bytes + offset, length);
    to[3 * i + 2] =
        (equal_bytes(bytes + offset, bytes + offset, length) ? 1 : 0) |
        (equal_bytes(bytes + offset, bytes + 100, length) ? 2 : 0) |
        (load_bytes16(bytes + offset / 16 * 16).word[3] == uint32_t(load_word(bytes + offset / 16 * 16 + 12)) ? 4 : 0);
  });
  std::vector<uint64_t> got = queue.download(out.data(), 3 * 64 * 64);
  for (uint32_t i = 0; i < 64 * 64; ++i) {
    uint32_t offset = i / 64, length = i % 64;
    uint64_t word = 0;
    for (uint32_t k = 0; k < length % 8 + 1; ++k) word |= uint64_t(text[offset + k]) << 8 * k;
    ASSERT_EQ(got[3 * i], word) << offset << " " << length;
    ASSERT_EQ(got[3 * i + 1], hash_bytes(text.data() + offset, length)) << offset << " " << length;
    bool same = std::equal(text.begin() + offset, text.begin() + offset + length, text.begin() + 100);
    ASSERT_EQ(got[3 * i + 2], 5u | (same ? 2 : 0)) << offset << " " << length;
  }
}

template <class Queue>
void a_full_table_says_so(Queue& queue) {
  for (uint32_t different : {64u, 65u, 200u, 100'000u}) {
    HashTable table(queue, 64);
    Strings strings;
    for (uint32_t i = 0; i < different; ++i) strings.add(std::to_string(i) + "s");
    std::vector<uint32_t> ids = intern(queue, table, strings);
    EXPECT_EQ(queue.read(table.overflow()) != 0, different > 64) << different;
    for (uint32_t id : ids) ASSERT_TRUE(id < 64 || id == HashTable::kNone);
  }
}

// A task halves an interval until single items are left, which it counts.
struct Interval {
  uint32_t begin, end;
};

template <class Queue>
void split_and_check(Queue& queue, WorkQueue<Interval>& tasks, uint32_t n, uint32_t seeds) {
  Buffer<uint32_t> times = queue.template allocate<uint32_t>(n);
  queue.zero(times.data(), n);
  uint32_t* at = times.data();
  queue.run_tasks(
      tasks, seeds,
      [=] RUSTG_HD(uint32_t i) {
        return Interval{uint32_t(uint64_t(n) * i / seeds), uint32_t(uint64_t(n) * (i + 1) / seeds)};
      },
      [=] RUSTG_HD(Interval task, Push<Interval> push) {
        if (task.end - task.begin == 1) atomic_add(&at[task.begin], 1u);
        if (task.end - task.begin < 2) return;
        uint32_t middle = task.begin + (task.end - task.begin) / 3 + 1;
        if (middle == task.end) middle = task.end - 1;
        push({task.begin, middle});
        push({middle, task.end});
      });
  std::vector<uint32_t> got = queue.download(times.data(), n);
  for (uint32_t i = 0; i < n; ++i) ASSERT_EQ(got[i], 1u) << i << " of " << n << " from " << seeds;
  // A binary tree over n items, cut at the top into the seeds: n leaves and n - seeds forks, beside empty seeds.
  ASSERT_EQ(queue.read(tasks.pushed()), seeds >= n ? seeds : 2 * n - seeds);
}

template <class Queue>
void tasks_push_tasks(Queue& queue) {
  for (uint32_t n : {1u, 2u, 1000u, 300'000u}) {
    WorkQueue<Interval> tasks(queue, 2 * n + 1000);
    for (uint32_t seeds : {1u, 2u, 1000u}) {
      if (seeds <= n || n == 1) split_and_check(queue, tasks, n, seeds);
    }
  }
}

template <class Queue>
void one_seed_feeds_all(Queue& queue) {
  // A chain (no parallelism at all) beside a wide tree.
  WorkQueue<Interval> tasks(queue, 3'000'000);
  Buffer<uint32_t> counts = queue.template allocate<uint32_t>(2);
  queue.zero(counts.data(), 2);
  uint32_t* count = counts.data();
  queue.run_tasks(
      tasks, 2,
      [=] RUSTG_HD(uint32_t i) {
        return i == 0 ? Interval{0, 5000} : Interval{1, 1 << 20};
      },
      [=] RUSTG_HD(Interval task, Push<Interval> push) {
        atomic_add(&count[task.begin], 1u);
        if (task.begin == 0 && task.end > 1) push({0, task.end - 1});
        if (task.begin == 1 && task.end > 1) push({1, task.end / 2}), push({1, task.end / 2});
      });
  EXPECT_EQ(queue.read(count), 5000u);
  EXPECT_EQ(queue.read(count + 1), (2u << 20) - 1);
}

template <class Queue>
void a_full_task_queue_says_so(Queue& queue) {
  WorkQueue<Interval> tasks(queue, 100);
  Buffer<uint32_t> counts = queue.template allocate<uint32_t>(2);
  uint32_t* count = counts.data();
  for (uint32_t seeds : {1u, 100u, 500u}) {
    queue.zero(counts.data(), 2);
    queue.run_tasks(
        tasks, seeds,
        [=] RUSTG_HD(uint32_t i) {
          return Interval{i, 0};
        },
        [=] RUSTG_HD(Interval task, Push<Interval> push) {
          atomic_add(&count[0], 1u);
          for (int k = 0; k < 3; ++k) {
            if (!push(task)) atomic_add(&count[1], 1u);
          }
        });
    EXPECT_EQ(queue.read(count), 100u) << "whatever has a place runs";
    EXPECT_EQ(queue.read(count + 1), std::min(seeds, 100u) + 300 - 100);
    EXPECT_GT(queue.read(tasks.pushed()), 100u);
  }
  queue.run_tasks(
      tasks, 0,
      [=] RUSTG_HD(uint32_t i) {
        return Interval{i, 0};
      },
      [=] RUSTG_HD(Interval, Push<Interval>) { count[0] = 0; });
  EXPECT_EQ(queue.read(tasks.pushed()), 0u);
  EXPECT_EQ(queue.read(count), 100u) << "no seeds, no tasks";
}

template <class Queue>
void task_queues_run_again(Queue& queue) {
  WorkQueue<Interval> tasks(queue, 70'000);
  for (int run = 0; run < 50; ++run) split_and_check(queue, tasks, 1 + run * 700, 1);
}

// A machine walks through states that its numbers choose, as long as its item says, and keeps its sum in its scratch. Its task pushes two others.
struct Walk {
  struct Task {
    uint32_t item;
  };
  struct Context {
    uint32_t item, number, left;
  };
  static constexpr uint32_t kStates = 150, kScratch = 32;

  uint32_t items;
  uint32_t* sums;
  uint32_t* wrong;

  RUSTG_HD static uint32_t steps_of(uint32_t item) { return item % 7 == 0 ? 0 : item % 1000 == 1 ? 3000 : item % 64; }
  RUSTG_HD static uint32_t next(uint32_t number, uint32_t state) { return number * 1664525u + 1013904223u + state * state; }
  RUSTG_HD static uint32_t state_of(uint32_t number) { return (number >> 16) % kStates; }

  RUSTG_HD bool begin(const Task& task, const Push<Task>& push, uint8_t* scratch, Context& context) const {
    for (uint32_t child = 2 * task.item + 1; child != 2 * task.item + 3; ++child)
      if (child < items) push({child});
    context = {task.item, task.item, steps_of(task.item)};
    if (context.left == 0) {
      atomic_add(&sums[task.item], task.item);
      return false;
    }
    reinterpret_cast<uint32_t*>(scratch)[task.item % (kScratch / 4)] = task.item;
    return true;
  }
  RUSTG_HD uint32_t state(const Context& context) const { return state_of(context.number); }
  RUSTG_HD bool step(uint32_t state, Context& context, const Push<Task>&, uint8_t* scratch) const {
    if (state != state_of(context.number)) atomic_add(wrong, 1u);
    context.number = next(context.number, state);
    uint32_t& sum = reinterpret_cast<uint32_t*>(scratch)[context.item % (kScratch / 4)];
    sum += context.number;
    if (--context.left != 0) return true;
    atomic_add(&sums[context.item], sum);
    return false;
  }
  RUSTG_HD void run(const Task& task, const Push<Task>& push) const {
    uint32_t scratch[kScratch / 4];
    Context context;
    for (bool more = begin(task, push, reinterpret_cast<uint8_t*>(scratch), context); more;)
      more = step(state(context), context, push, reinterpret_cast<uint8_t*>(scratch));
  }
};

template <class Queue>
void machines_run_to_their_end(Queue& queue) {
  Buffer<uint32_t> wrong = queue.template allocate<uint32_t>(1);
  queue.zero(wrong.data(), 1);
  for (uint32_t items : {1u, 40u, 3000u, 400'000u}) {
    Machines<Walk> machines(queue, items);
    Buffer<uint32_t> sums = queue.template allocate<uint32_t>(items);
    for (int run = 0; run < 2; ++run) {
      queue.zero(sums.data(), items);
      queue.run_machines(machines, 1, [=] RUSTG_HD(uint32_t i) { return Walk::Task{i}; }, Walk{items, sums.data(), wrong.data()});
      std::vector<uint32_t> got = queue.download(sums.data(), items);
      for (uint32_t item = 0; item != items; ++item) {
        uint32_t sum = item;
        for (uint32_t number = item, left = Walk::steps_of(item); left != 0; --left)
          sum += number = Walk::next(number, Walk::state_of(number));
        ASSERT_EQ(got[item], sum) << item << " of " << items;
      }
      EXPECT_EQ(queue.read(machines.tasks().pushed()), items);
    }
  }
  EXPECT_EQ(queue.read(wrong.data()), 0u);
}

}  // namespace rustg::device
