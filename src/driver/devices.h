// `rustg devices`.
#pragma once

namespace rustg::driver {

// The devices on stdout, and for the GPU that is not there the reason. The exit code.
int list_devices();

}  // namespace rustg::driver
