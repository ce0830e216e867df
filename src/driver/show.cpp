#include "driver/show.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace rustg::driver {

source::RenderOptions render_options(source::ErrorFormat format, ColorChoice color) {
  source::RenderOptions options{.format = format};
  bool terminal = isatty(STDERR_FILENO) != 0;
  options.colour = color == ColorChoice::always || (color == ColorChoice::automatic && terminal);
  winsize size{};
  if (terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) options.width = size.ws_col;
  return options;
}

}  // namespace rustg::driver
