// Two rings of many samples, one within the other, clustered by a few landmarks: affinities between all samples are never
// computed, and new samples find their place by their own landmarks.
//
//   c++ -std=c++17 examples/cpp/spectral_clustering.cpp -o spectral_clustering_cpp $(pkg-config --cflags --libs lapwing)
//   ./spectral_clustering_cpp
#include <lapwing.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

int main() {
    const std::int64_t inner = 1000, samples = 3000;
    lapwing::Matrix<double> x(samples, 2);
    std::vector<std::int64_t> rings;
    for (std::int64_t i = 0; i < samples; ++i) {
        const double position = static_cast<double>(i);
        const double radius = (i < inner ? 1 : 3) + 0.1 * std::sin(7 * position);
        x(i, 0) = radius * std::cos(position);
        x(i, 1) = radius * std::sin(position);
        rings.push_back(i < inner ? 0 : 1);
    }
    try {
        lapwing::LandmarkSpectralClusteringOptions options;
        options.n_clusters = 2;
        options.n_landmarks = 200;
        const auto model = lapwing::SpectralClustering::by_landmarks(x, options);
        const std::vector<std::int64_t> labels = model.labels();
        std::vector<int> sizes(static_cast<std::size_t>(model.n_clusters()));
        for (const auto label : labels) ++sizes[static_cast<std::size_t>(label)];
        std::printf("cluster  samples\n");
        for (std::size_t i = 0; i < sizes.size(); ++i) std::printf("%-7d  %7d\n", static_cast<int>(i), sizes[i]);
        std::printf("adjusted Rand score %.3f\n", lapwing::adjusted_rand_score(rings, labels));

        const std::vector<double> points{0, 1.05, -2.95, 0};
        const auto found = model.predict({points, 2, 2});
        std::printf("(0, 1.05) is with %s ring, (-2.95, 0) with %s\n", found[0] == labels[0] ? "the inner" : "the outer",
                    found[1] == labels[0] ? "the inner" : "the outer");
    } catch (const lapwing::error &failure) {
        std::fprintf(stderr, "error: %s (%s)\n", failure.what(), lapwing_status_name(failure.status()));
        return 1;
    }
}
