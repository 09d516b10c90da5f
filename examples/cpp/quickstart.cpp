// The ten leading principal components of a CSV file with a header line, whose last column is a label.
//
//   c++ -std=c++17 examples/cpp/quickstart.cpp -o quickstart_cpp $(pkg-config --cflags --libs lapwing)
//   ./quickstart_cpp examples/data/digits.csv
#include <lapwing.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Features {
    std::vector<double> entries; // row-major
    std::int64_t rows = 0, cols = 0;
};

static Features read_features(const std::string &path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read");
    Features features;
    // As many features as commas: the column after the last one is the label.
    features.cols = std::count(line.begin(), line.end(), ',');
    if (features.cols == 0) throw std::runtime_error(path + " has one column: features come before the label");
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        ++features.rows;
        for (std::int64_t j = 0; j < features.cols; ++j) {
            double value;
            char comma;
            if (!(cells >> value >> comma) || comma != ',')
                throw std::runtime_error(path + ", row " + std::to_string(features.rows) + ", column " +
                                         std::to_string(j + 1) + ": not a number");
            features.entries.push_back(value);
        }
    }
    if (features.rows == 0) throw std::runtime_error(path + " has a header and no rows");
    return features;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s data.csv\n", argv[0]);
        return 2;
    }
    try {
        const Features x = read_features(argv[1]);
        lapwing::PcaOptions options;
        options.n_components = 10;
        const lapwing::Pca<double> pca({x.entries, x.rows, x.cols}, options);

        const auto variance = pca.explained_variance();
        const auto share = pca.explained_variance_ratio();
        const auto singular = pca.singular_values();
        std::printf("%-9s  %-22s  %-22s  %s\n", "component", "variance", "share", "singular value");
        for (std::int64_t i = 0; i < variance.size; ++i)
            std::printf("%-9lld  %-22.17g  %-22.17g  %.17g\n", static_cast<long long>(i) + 1, variance[i],
                        share[i], singular[i]);
    } catch (const lapwing::error &failure) {
        std::fprintf(stderr, "error: %s (%s)\n", failure.what(), lapwing_status_name(failure.status()));
        return 1;
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "error: %s\n", failure.what());
        return 1;
    }
}
