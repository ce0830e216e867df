#include "runtime/cuda/image.h"

#include <algorithm>
#include <cstring>

#include "runtime/cuda/launch.h"

namespace rustg::runtime::cuda {
namespace {

// Which tables the program's functions write to.
void find_writers(const ir::Program& program, Image& image) {
  for (const ir::Function& f : program.functions) {
    for (uint32_t i = 0; i < f.size(); i++) {
      switch (f.op[i]) {
        case ir::Op::table_grow: image.tables_grow = true; [[fallthrough]];
        case ir::Op::table_set:
        case ir::Op::table_fill:
        case ir::Op::table_copy: image.tables[f.imm[i]].written = true; break;
        case ir::Op::table_init: image.tables[f.aux[i]].written = true; break;
        default: break;
      }
    }
  }
}

}  // namespace

Image::Memory image_of(const uint8_t* bytes, uint64_t size, uint64_t max, bool shared) {
  Image::Memory m;
  m.size = size;
  m.max = max;
  m.shared = shared;
  m.pages.assign(size / kImagePage, kZeroPage);
  static constexpr uint8_t zeros[kImagePage] = {};
  for (uint64_t page = 0; bytes != nullptr && page < m.pages.size(); page++) {
    const uint8_t* from = bytes + page * kImagePage;
    if (std::memcmp(from, zeros, kImagePage) == 0) continue;
    m.pages[page] = static_cast<uint32_t>(m.contents.size() / kImagePage);
    m.contents.insert(m.contents.end(), from, from + kImagePage);
  }
  return m;
}

uint64_t Image::start_bytes() const {
  uint64_t sum = 0;
  for (const Memory& m : memories) sum += m.size;
  return sum;
}
uint64_t Image::max_bytes() const {
  uint64_t sum = 0;
  for (const Memory& m : memories) sum += m.max;
  return sum;
}

Image make_image(const ir::Program& program, abi::Instance& started) {
  Image image;
  for (uint32_t i = 0; i < program.memories.size(); i++)
    image.memories.push_back(image_of(started.memory(i).base, started.memory(i).size,
                                      program.memories[i].max_pages * ir::kPageSize, program.memories[i].shared));
  for (uint32_t i = 0; i < program.tables.size(); i++) {
    const abi::Table& t = started.tables[i];
    image.tables.push_back({.elements = {t.elements, t.elements + t.size}, .max = t.max});
  }
  image.globals.assign(started.globals, started.globals + program.globals.size());
  for (uint32_t i = 0; i < program.data.size(); i++) image.data_sizes.push_back(started.data[i].size);
  for (uint32_t i = 0; i < program.elements.size(); i++) image.element_sizes.push_back(started.elements[i].size);
  find_writers(program, image);
  return image;
}

Image blank_image(const ir::Program& program) {
  Image image;
  for (const ir::Memory& m : program.memories)
    image.memories.push_back(image_of(nullptr, m.min_pages * ir::kPageSize, m.max_pages * ir::kPageSize, m.shared));
  for (const ir::Table& t : program.tables)
    image.tables.push_back({.elements = std::vector<uint64_t>(t.min), .max = t.max, .written = true});
  for (const ir::Global& g : program.globals) image.globals.push_back(g.initial);
  for (const auto& d : program.data) image.data_sizes.push_back(d.size());
  for (const auto& e : program.elements) image.element_sizes.push_back(e.size());
  image.tables_grow = true;
  return image;
}

}  // namespace rustg::runtime::cuda
