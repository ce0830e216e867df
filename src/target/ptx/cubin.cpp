#include "target/ptx/cubin.h"

#include <elf.h>

#include <cstring>
#include <map>
#include <string_view>

namespace rustg::ptx {
namespace {

// Attributes in .nv.info: format, attribute, size, then size bytes (format 4). These three hold a symbol's index and a number.
constexpr uint8_t kFormatSized = 4, kRegisterCount = 0x2f, kFrameSize = 0x11;

struct File {
  std::span<const uint8_t> bytes;
  template <class T>
  bool read(uint64_t offset, T& out) const {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return false;
    std::memcpy(&out, bytes.data() + offset, sizeof(T));
    return true;
  }
  std::string_view text(uint64_t offset) const {
    if (offset >= bytes.size()) return {};
    const char* begin = reinterpret_cast<const char*>(bytes.data()) + offset;
    return {begin, strnlen(begin, bytes.size() - offset)};
  }
};

}  // namespace

Result<std::vector<FunctionCode>> read_functions(std::span<const uint8_t> cubin) {
  const File file{cubin};
  Elf64_Ehdr elf;
  const Error broken{"the assembler's output is no ELF file"};
  if (!file.read(0, elf) || std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64)
    return broken;
  std::vector<Elf64_Shdr> sections(elf.e_shnum);
  for (uint32_t k = 0; k < elf.e_shnum; ++k)
    if (!file.read(elf.e_shoff + k * sizeof(Elf64_Shdr), sections[k])) return broken;
  if (elf.e_shstrndx >= sections.size()) return broken;

  std::map<uint32_t, FunctionCode> functions;  // by symbol
  for (const Elf64_Shdr& s : sections) {
    if (s.sh_type != SHT_SYMTAB || s.sh_link >= sections.size()) continue;
    for (uint32_t k = 0; k < s.sh_size / sizeof(Elf64_Sym); ++k) {
      Elf64_Sym symbol;
      if (!file.read(s.sh_offset + k * sizeof symbol, symbol)) return broken;
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF) continue;
      functions[k] = {std::string(file.text(sections[s.sh_link].sh_offset + symbol.st_name)),
                      static_cast<uint32_t>(symbol.st_size), 0, 0};
    }
  }
  for (const Elf64_Shdr& s : sections) {
    if (file.text(sections[elf.e_shstrndx].sh_offset + s.sh_name) != ".nv.info") continue;
    struct Attribute {
      uint8_t format, attribute;
      uint16_t size;
    } a;
    for (uint64_t at = s.sh_offset; at + sizeof a <= s.sh_offset + s.sh_size && file.read(at, a);) {
      at += sizeof a;
      uint32_t value[2];
      if (a.format != kFormatSized) continue;
      if (a.size == 8 && (a.attribute == kFrameSize || a.attribute == kRegisterCount) && file.read(at, value)) {
        if (auto f = functions.find(value[0]); f != functions.end())
          (a.attribute == kFrameSize ? f->second.frame_bytes : f->second.registers) = value[1];
      }
      at += a.size;
    }
  }
  std::vector<FunctionCode> list;
  for (auto& [symbol, code] : functions) list.push_back(std::move(code));
  return list;
}

}  // namespace rustg::ptx
