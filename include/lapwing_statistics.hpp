/* The part of lapwing.hpp that has statistics, each kind in a header of its own: Mahalanobis distances and Gaussians,
 * covariances, discriminant analysis, what data passes before a model, and the metrics of predictions. Included by it.
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_STATISTICS_HPP
#define LAPWING_STATISTICS_HPP

#include "lapwing_models.hpp"

#include "lapwing_distances.hpp"
#include "lapwing_covariances.hpp"
#include "lapwing_discriminants.hpp"
#include "lapwing_preparations.hpp"
#include "lapwing_metrics.hpp"

#endif /* LAPWING_STATISTICS_HPP */
