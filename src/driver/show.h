// How the user wants to see diagnostics.
#pragma once
#include "driver/check_options.h"
#include "source/render.h"

namespace rustg::driver {

// For stderr as it is: whether colours are shown, and how wide a terminal is.
source::RenderOptions render_options(source::ErrorFormat format, ColorChoice color);

}  // namespace rustg::driver
