#include "ir/program.h"

#include <algorithm>

namespace rustg::ir {

SignatureId Program::intern(Signature signature) {
  auto found = std::find(signatures.begin(), signatures.end(), signature);
  if (found == signatures.end()) {
    signatures.push_back(std::move(signature));
    return SignatureId{signatures.size() - 1};
  }
  return SignatureId{static_cast<size_t>(found - signatures.begin())};
}

}  // namespace rustg::ir
