// What the bodies of diabetics say of the course of their disease: principal components and a ridge regression of Eigen's
// matrices, which are read and written where they are. The closed form of the ridge, in Eigen, gives the same slopes.
//
//   c++ -std=c++17 examples/cpp/eigen.cpp -o eigen $(pkg-config --cflags --libs lapwing eigen3)
//   ./eigen examples/data/diabetes.csv
#include <lapwing.hpp>

#include <Eigen/Dense>

#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// The numbers of a CSV file with a header line.
static Eigen::MatrixXd read_table(const std::string &path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read");
    std::vector<double> entries;
    Eigen::Index rows = 0;
    for (; std::getline(file, line); ++rows) {
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) entries.push_back(std::stod(cell));
    }
    if (rows == 0 || entries.size() % static_cast<std::size_t>(rows) != 0)
        throw std::runtime_error(path + " is no table");
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<RowMajor>(entries.data(), rows, static_cast<Eigen::Index>(entries.size()) / rows);
}

static void run(const std::string &path) {
    const Eigen::MatrixXd table = read_table(path);
    Eigen::MatrixXd x = table.leftCols(table.cols() - 1);
    const auto y = table.rightCols<1>();
    // To unit variance, so that the units of the features do not count.
    x.rowwise() -= x.colwise().mean().eval();
    x.array().rowwise() /= (x.colwise().norm() / std::sqrt(static_cast<double>(x.rows()))).array().eval();

    const lapwing::Pca<double> pca(x);
    std::printf("component  share of variance\n");
    for (std::int64_t i = 0; i < 3; ++i)
        std::printf("%9d  %17.4f\n", static_cast<int>(i) + 1, pca.explained_variance_ratio()[i]);
    // Column-major and as wide as Eigen wants it: the scores go where they are.
    Eigen::MatrixXd scores(x.rows(), x.cols());
    pca.transform(x, scores);

    lapwing::RidgeOptions options;
    options.alpha = 10;
    const auto of_all = lapwing::LinearModel<double>::ridge(x, y, options);
    const auto of_three = lapwing::LinearModel<double>::ridge(scores.leftCols(3), y, options);
    std::printf("\nfeatures            R2\n");
    std::printf("all              %.4f\n", of_all.score(x, y));
    std::printf("three components %.4f\n", of_three.score(scores.leftCols(3), y));

    const Eigen::VectorXd centred = y.array() - y.mean();
    const Eigen::MatrixXd penalized =
        x.transpose() * x + options.alpha * Eigen::MatrixXd::Identity(x.cols(), x.cols());
    const Eigen::VectorXd closed_form = penalized.llt().solve(x.transpose() * centred);
    Eigen::VectorXd slopes(x.cols());
    lapwing::copy(of_all.coefficients().transposed(), slopes);
    const bool agree = (slopes - closed_form).norm() <= 1e-10 * closed_form.norm();
    std::printf("\nthe closed form %s\n", agree ? "agrees" : "differs");
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s table.csv\n", argv[0]);
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "error: %s\n", failure.what());
        return 1;
    }
}
