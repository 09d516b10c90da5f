// Italian wines of three cultivars, from their chemistry alone: k-means of Armadillo's matrices, which are read where they
// are, and how well its clusters agree with the cultivars. Errors come as values.
//
//   c++ -std=c++17 examples/cpp/armadillo.cpp -o wines $(pkg-config --cflags --libs lapwing armadillo)
//   ./wines examples/data/wine.csv
#include <lapwing.hpp>

#include <armadillo>

#include <cstdint>
#include <cstdio>
#include <vector>

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s wine.csv\n", argv[0]);
        return 2;
    }
    arma::mat table;
    arma::field<std::string> header;
    if (!table.load(arma::csv_name(argv[1], header)) || table.n_cols < 2) {
        std::fprintf(stderr, "error: %s is no table of features and a label\n", argv[1]);
        return 1;
    }
    arma::mat x = table.head_cols(table.n_cols - 1);
    const auto cultivars = arma::conv_to<std::vector<std::int64_t>>::from(table.col(table.n_cols - 1));
    // To unit variance, so that the units of the features do not count.
    x.each_row() -= arma::mean(x);
    x.each_row() /= arma::stddev(x);

    lapwing::KMeansOptions options;
    options.n_clusters = 3;
    options.n_init = 10;
    const auto clusters = lapwing::attempt([&] { return lapwing::KMeans<double>(x, options); });
    if (!clusters) {
        std::fprintf(stderr, "error: %s\n", clusters.error().what());
        return 1;
    }
    // A matrix of a library of its own, from a view of the model's.
    arma::mat centers(3, x.n_cols);
    lapwing::copy(clusters->cluster_centers(), centers);
    std::vector<int> sizes(3);
    for (const auto label : clusters->labels()) ++sizes[static_cast<std::size_t>(label)];
    std::printf("cluster  wines  alcohol, in deviations from the mean\n");
    for (arma::uword k = 0; k < 3; ++k) std::printf("%7d  %5d  %+.2f\n", static_cast<int>(k), sizes[k], centers(k, 0));
    std::printf("adjusted Rand score %.3f\n", lapwing::adjusted_rand_score(clusters->labels(), cultivars));
}
