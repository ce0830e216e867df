// Circles put close together, without overlap, around a middle: what comes first is nearest to it.
#pragma once
#include <vector>

#include "draw/layered.h"

namespace rustg::draw {

struct Circle {
  double x = 0, y = 0, r = 0;
};

// Moves the circles; their order and sizes stay. gap: left between two that would touch. The circle around them all, whose middle becomes 0, 0.
//
// Every circle touches two neighbours of the chain that surrounds those before it (Wang and others, "Visualization of Large Hierarchical Data by Circle
// Packing", 2006).
double pack_circles(std::vector<Circle>& circles, double gap);

}  // namespace rustg::draw
