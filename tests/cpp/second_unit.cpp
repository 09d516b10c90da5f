// A second translation unit with lapwing.hpp: nothing in it may be defined twice.

#include <lapwing.hpp>

double largest_singular_value(const lapwing::Matrix<double> &a) { return lapwing::svd(a).s[0]; }
