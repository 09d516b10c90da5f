/* Where the members of structs lie on 64 bits: programs that are compiled rely on it. */
#include "lapwing.h"

_Static_assert(sizeof(struct lapwing_affinity_options) == 72, "lapwing_affinity_options");
_Static_assert(offsetof(struct lapwing_affinity_options, struct_size) == 0, "lapwing_affinity_options.struct_size");
_Static_assert(offsetof(struct lapwing_affinity_options, kind) == 8, "lapwing_affinity_options.kind");
_Static_assert(offsetof(struct lapwing_affinity_options, gamma_rule) == 12, "lapwing_affinity_options.gamma_rule");
_Static_assert(offsetof(struct lapwing_affinity_options, symmetrization) == 16, "lapwing_affinity_options.symmetrization");
_Static_assert(offsetof(struct lapwing_affinity_options, homogeneity) == 20, "lapwing_affinity_options.homogeneity");
_Static_assert(offsetof(struct lapwing_affinity_options, neighbors) == 24, "lapwing_affinity_options.neighbors");
_Static_assert(offsetof(struct lapwing_affinity_options, degree) == 32, "lapwing_affinity_options.degree");
_Static_assert(offsetof(struct lapwing_affinity_options, gamma) == 40, "lapwing_affinity_options.gamma");
_Static_assert(offsetof(struct lapwing_affinity_options, coef0) == 48, "lapwing_affinity_options.coef0");
_Static_assert(offsetof(struct lapwing_affinity_options, radius) == 56, "lapwing_affinity_options.radius");
_Static_assert(offsetof(struct lapwing_affinity_options, seed) == 64, "lapwing_affinity_options.seed");

_Static_assert(sizeof(struct lapwing_bayesian_ridge_options) == 88, "lapwing_bayesian_ridge_options");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, struct_size) == 0, "lapwing_bayesian_ridge_options.struct_size");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, intercept) == 8, "lapwing_bayesian_ridge_options.intercept");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, noise_prior) == 12, "lapwing_bayesian_ridge_options.noise_prior");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, coefficient_prior) == 16, "lapwing_bayesian_ridge_options.coefficient_prior");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, reserved) == 20, "lapwing_bayesian_ridge_options.reserved");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, max_iterations) == 24, "lapwing_bayesian_ridge_options.max_iterations");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, tolerance) == 32, "lapwing_bayesian_ridge_options.tolerance");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, alpha_1) == 40, "lapwing_bayesian_ridge_options.alpha_1");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, alpha_2) == 48, "lapwing_bayesian_ridge_options.alpha_2");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, lambda_1) == 56, "lapwing_bayesian_ridge_options.lambda_1");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, lambda_2) == 64, "lapwing_bayesian_ridge_options.lambda_2");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, alpha_init) == 72, "lapwing_bayesian_ridge_options.alpha_init");
_Static_assert(offsetof(struct lapwing_bayesian_ridge_options, lambda_init) == 80, "lapwing_bayesian_ridge_options.lambda_init");

_Static_assert(sizeof(struct lapwing_covariance_options) == 40, "lapwing_covariance_options");
_Static_assert(offsetof(struct lapwing_covariance_options, struct_size) == 0, "lapwing_covariance_options.struct_size");
_Static_assert(offsetof(struct lapwing_covariance_options, centring) == 8, "lapwing_covariance_options.centring");
_Static_assert(offsetof(struct lapwing_covariance_options, reserved) == 12, "lapwing_covariance_options.reserved");
_Static_assert(offsetof(struct lapwing_covariance_options, shrinkage) == 16, "lapwing_covariance_options.shrinkage");
_Static_assert(offsetof(struct lapwing_covariance_options, support_fraction) == 24, "lapwing_covariance_options.support_fraction");
_Static_assert(offsetof(struct lapwing_covariance_options, seed) == 32, "lapwing_covariance_options.seed");

_Static_assert(sizeof(struct lapwing_csr_f32) == 40, "lapwing_csr_f32");
_Static_assert(offsetof(struct lapwing_csr_f32, values) == 0, "lapwing_csr_f32.values");
_Static_assert(offsetof(struct lapwing_csr_f32, columns) == 8, "lapwing_csr_f32.columns");
_Static_assert(offsetof(struct lapwing_csr_f32, row_starts) == 16, "lapwing_csr_f32.row_starts");
_Static_assert(offsetof(struct lapwing_csr_f32, rows) == 24, "lapwing_csr_f32.rows");
_Static_assert(offsetof(struct lapwing_csr_f32, cols) == 32, "lapwing_csr_f32.cols");

_Static_assert(sizeof(struct lapwing_csr_f64) == 40, "lapwing_csr_f64");
_Static_assert(offsetof(struct lapwing_csr_f64, values) == 0, "lapwing_csr_f64.values");
_Static_assert(offsetof(struct lapwing_csr_f64, columns) == 8, "lapwing_csr_f64.columns");
_Static_assert(offsetof(struct lapwing_csr_f64, row_starts) == 16, "lapwing_csr_f64.row_starts");
_Static_assert(offsetof(struct lapwing_csr_f64, rows) == 24, "lapwing_csr_f64.rows");
_Static_assert(offsetof(struct lapwing_csr_f64, cols) == 32, "lapwing_csr_f64.cols");

_Static_assert(sizeof(struct lapwing_diffusion_maps_options) == 56, "lapwing_diffusion_maps_options");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, struct_size) == 0, "lapwing_diffusion_maps_options.struct_size");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, density) == 8, "lapwing_diffusion_maps_options.density");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, eigen_solver) == 12, "lapwing_diffusion_maps_options.eigen_solver");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, n_components) == 16, "lapwing_diffusion_maps_options.n_components");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, time) == 24, "lapwing_diffusion_maps_options.time");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, alpha) == 32, "lapwing_diffusion_maps_options.alpha");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, eigen_tolerance) == 40, "lapwing_diffusion_maps_options.eigen_tolerance");
_Static_assert(offsetof(struct lapwing_diffusion_maps_options, seed) == 48, "lapwing_diffusion_maps_options.seed");

_Static_assert(sizeof(struct lapwing_discriminant_options) == 48, "lapwing_discriminant_options");
_Static_assert(offsetof(struct lapwing_discriminant_options, struct_size) == 0, "lapwing_discriminant_options.struct_size");
_Static_assert(offsetof(struct lapwing_discriminant_options, solver) == 8, "lapwing_discriminant_options.solver");
_Static_assert(offsetof(struct lapwing_discriminant_options, shrinkage) == 12, "lapwing_discriminant_options.shrinkage");
_Static_assert(offsetof(struct lapwing_discriminant_options, n_components) == 16, "lapwing_discriminant_options.n_components");
_Static_assert(offsetof(struct lapwing_discriminant_options, share) == 24, "lapwing_discriminant_options.share");
_Static_assert(offsetof(struct lapwing_discriminant_options, tolerance) == 32, "lapwing_discriminant_options.tolerance");
_Static_assert(offsetof(struct lapwing_discriminant_options, regularization) == 40, "lapwing_discriminant_options.regularization");

_Static_assert(sizeof(struct lapwing_elastic_net_cv_options) == 128, "lapwing_elastic_net_cv_options");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, struct_size) == 0, "lapwing_elastic_net_cv_options.struct_size");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, intercept) == 8, "lapwing_elastic_net_cv_options.intercept");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, sign) == 12, "lapwing_elastic_net_cv_options.sign");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, selection) == 16, "lapwing_elastic_net_cv_options.selection");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, updates) == 20, "lapwing_elastic_net_cv_options.updates");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, order) == 24, "lapwing_elastic_net_cv_options.order");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, reserved) == 28, "lapwing_elastic_net_cv_options.reserved");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, folds) == 32, "lapwing_elastic_net_cv_options.folds");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, alphas) == 40, "lapwing_elastic_net_cv_options.alphas");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, n_alphas) == 64, "lapwing_elastic_net_cv_options.n_alphas");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, share) == 72, "lapwing_elastic_net_cv_options.share");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, l1_ratios) == 80, "lapwing_elastic_net_cv_options.l1_ratios");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, tolerance) == 104, "lapwing_elastic_net_cv_options.tolerance");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, max_iterations) == 112, "lapwing_elastic_net_cv_options.max_iterations");
_Static_assert(offsetof(struct lapwing_elastic_net_cv_options, seed) == 120, "lapwing_elastic_net_cv_options.seed");

_Static_assert(sizeof(struct lapwing_elastic_net_options) == 72, "lapwing_elastic_net_options");
_Static_assert(offsetof(struct lapwing_elastic_net_options, struct_size) == 0, "lapwing_elastic_net_options.struct_size");
_Static_assert(offsetof(struct lapwing_elastic_net_options, intercept) == 8, "lapwing_elastic_net_options.intercept");
_Static_assert(offsetof(struct lapwing_elastic_net_options, penalty) == 12, "lapwing_elastic_net_options.penalty");
_Static_assert(offsetof(struct lapwing_elastic_net_options, mixture) == 16, "lapwing_elastic_net_options.mixture");
_Static_assert(offsetof(struct lapwing_elastic_net_options, sign) == 20, "lapwing_elastic_net_options.sign");
_Static_assert(offsetof(struct lapwing_elastic_net_options, selection) == 24, "lapwing_elastic_net_options.selection");
_Static_assert(offsetof(struct lapwing_elastic_net_options, updates) == 28, "lapwing_elastic_net_options.updates");
_Static_assert(offsetof(struct lapwing_elastic_net_options, alpha) == 32, "lapwing_elastic_net_options.alpha");
_Static_assert(offsetof(struct lapwing_elastic_net_options, l1_ratio) == 40, "lapwing_elastic_net_options.l1_ratio");
_Static_assert(offsetof(struct lapwing_elastic_net_options, tolerance) == 48, "lapwing_elastic_net_options.tolerance");
_Static_assert(offsetof(struct lapwing_elastic_net_options, max_iterations) == 56, "lapwing_elastic_net_options.max_iterations");
_Static_assert(offsetof(struct lapwing_elastic_net_options, seed) == 64, "lapwing_elastic_net_options.seed");

_Static_assert(sizeof(struct lapwing_gap_statistic_options) == 32, "lapwing_gap_statistic_options");
_Static_assert(offsetof(struct lapwing_gap_statistic_options, struct_size) == 0, "lapwing_gap_statistic_options.struct_size");
_Static_assert(offsetof(struct lapwing_gap_statistic_options, reference) == 8, "lapwing_gap_statistic_options.reference");
_Static_assert(offsetof(struct lapwing_gap_statistic_options, reserved) == 12, "lapwing_gap_statistic_options.reserved");
_Static_assert(offsetof(struct lapwing_gap_statistic_options, references) == 16, "lapwing_gap_statistic_options.references");
_Static_assert(offsetof(struct lapwing_gap_statistic_options, seed) == 24, "lapwing_gap_statistic_options.seed");

_Static_assert(sizeof(struct lapwing_incremental_pca_options) == 32, "lapwing_incremental_pca_options");
_Static_assert(offsetof(struct lapwing_incremental_pca_options, struct_size) == 0, "lapwing_incremental_pca_options.struct_size");
_Static_assert(offsetof(struct lapwing_incremental_pca_options, method) == 8, "lapwing_incremental_pca_options.method");
_Static_assert(offsetof(struct lapwing_incremental_pca_options, whiten) == 12, "lapwing_incremental_pca_options.whiten");
_Static_assert(offsetof(struct lapwing_incremental_pca_options, n_components) == 16, "lapwing_incremental_pca_options.n_components");
_Static_assert(offsetof(struct lapwing_incremental_pca_options, variance) == 24, "lapwing_incremental_pca_options.variance");

_Static_assert(sizeof(struct lapwing_iteration_options) == 112, "lapwing_iteration_options");
_Static_assert(offsetof(struct lapwing_iteration_options, struct_size) == 0, "lapwing_iteration_options.struct_size");
_Static_assert(offsetof(struct lapwing_iteration_options, tolerance) == 8, "lapwing_iteration_options.tolerance");
_Static_assert(offsetof(struct lapwing_iteration_options, max_iterations) == 16, "lapwing_iteration_options.max_iterations");
_Static_assert(offsetof(struct lapwing_iteration_options, subspace) == 24, "lapwing_iteration_options.subspace");
_Static_assert(offsetof(struct lapwing_iteration_options, seed) == 32, "lapwing_iteration_options.seed");
_Static_assert(offsetof(struct lapwing_iteration_options, absolute_tolerance) == 40, "lapwing_iteration_options.absolute_tolerance");
_Static_assert(offsetof(struct lapwing_iteration_options, omega) == 48, "lapwing_iteration_options.omega");
_Static_assert(offsetof(struct lapwing_iteration_options, progress) == 56, "lapwing_iteration_options.progress");
_Static_assert(offsetof(struct lapwing_iteration_options, user) == 64, "lapwing_iteration_options.user");
_Static_assert(offsetof(struct lapwing_iteration_options, restart) == 72, "lapwing_iteration_options.restart");
_Static_assert(offsetof(struct lapwing_iteration_options, block) == 80, "lapwing_iteration_options.block");
_Static_assert(offsetof(struct lapwing_iteration_options, damping) == 88, "lapwing_iteration_options.damping");
_Static_assert(offsetof(struct lapwing_iteration_options, right_hand_side_tolerance) == 96, "lapwing_iteration_options.right_hand_side_tolerance");
_Static_assert(offsetof(struct lapwing_iteration_options, condition_limit) == 104, "lapwing_iteration_options.condition_limit");

_Static_assert(sizeof(struct lapwing_k_means_options) == 64, "lapwing_k_means_options");
_Static_assert(offsetof(struct lapwing_k_means_options, struct_size) == 0, "lapwing_k_means_options.struct_size");
_Static_assert(offsetof(struct lapwing_k_means_options, init) == 8, "lapwing_k_means_options.init");
_Static_assert(offsetof(struct lapwing_k_means_options, algorithm) == 12, "lapwing_k_means_options.algorithm");
_Static_assert(offsetof(struct lapwing_k_means_options, stopping) == 16, "lapwing_k_means_options.stopping");
_Static_assert(offsetof(struct lapwing_k_means_options, reserved) == 20, "lapwing_k_means_options.reserved");
_Static_assert(offsetof(struct lapwing_k_means_options, n_clusters) == 24, "lapwing_k_means_options.n_clusters");
_Static_assert(offsetof(struct lapwing_k_means_options, n_init) == 32, "lapwing_k_means_options.n_init");
_Static_assert(offsetof(struct lapwing_k_means_options, max_iterations) == 40, "lapwing_k_means_options.max_iterations");
_Static_assert(offsetof(struct lapwing_k_means_options, tolerance) == 48, "lapwing_k_means_options.tolerance");
_Static_assert(offsetof(struct lapwing_k_means_options, seed) == 56, "lapwing_k_means_options.seed");

_Static_assert(sizeof(struct lapwing_kernel_pca_options) == 64, "lapwing_kernel_pca_options");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, struct_size) == 0, "lapwing_kernel_pca_options.struct_size");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, kernel) == 8, "lapwing_kernel_pca_options.kernel");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, homogeneity) == 12, "lapwing_kernel_pca_options.homogeneity");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, zero_eigenvalues) == 16, "lapwing_kernel_pca_options.zero_eigenvalues");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, fit_inverse_transform) == 20, "lapwing_kernel_pca_options.fit_inverse_transform");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, n_components) == 24, "lapwing_kernel_pca_options.n_components");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, degree) == 32, "lapwing_kernel_pca_options.degree");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, gamma) == 40, "lapwing_kernel_pca_options.gamma");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, coef0) == 48, "lapwing_kernel_pca_options.coef0");
_Static_assert(offsetof(struct lapwing_kernel_pca_options, alpha) == 56, "lapwing_kernel_pca_options.alpha");

_Static_assert(sizeof(struct lapwing_landmark_spectral_clustering_options) == 56, "lapwing_landmark_spectral_clustering_options");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, struct_size) == 0, "lapwing_landmark_spectral_clustering_options.struct_size");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, labels) == 8, "lapwing_landmark_spectral_clustering_options.labels");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, selection) == 12, "lapwing_landmark_spectral_clustering_options.selection");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, n_clusters) == 16, "lapwing_landmark_spectral_clustering_options.n_clusters");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, n_landmarks) == 24, "lapwing_landmark_spectral_clustering_options.n_landmarks");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, n_neighbors) == 32, "lapwing_landmark_spectral_clustering_options.n_neighbors");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, bandwidth) == 40, "lapwing_landmark_spectral_clustering_options.bandwidth");
_Static_assert(offsetof(struct lapwing_landmark_spectral_clustering_options, seed) == 48, "lapwing_landmark_spectral_clustering_options.seed");

_Static_assert(sizeof(struct lapwing_laplacian_eigen_options) == 40, "lapwing_laplacian_eigen_options");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, struct_size) == 0, "lapwing_laplacian_eigen_options.struct_size");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, laplacian) == 8, "lapwing_laplacian_eigen_options.laplacian");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, eigen_solver) == 12, "lapwing_laplacian_eigen_options.eigen_solver");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, max_iterations) == 16, "lapwing_laplacian_eigen_options.max_iterations");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, tolerance) == 24, "lapwing_laplacian_eigen_options.tolerance");
_Static_assert(offsetof(struct lapwing_laplacian_eigen_options, seed) == 32, "lapwing_laplacian_eigen_options.seed");

_Static_assert(sizeof(struct lapwing_likelihood_validation_options) == 32, "lapwing_likelihood_validation_options");
_Static_assert(offsetof(struct lapwing_likelihood_validation_options, struct_size) == 0, "lapwing_likelihood_validation_options.struct_size");
_Static_assert(offsetof(struct lapwing_likelihood_validation_options, folds) == 8, "lapwing_likelihood_validation_options.folds");
_Static_assert(offsetof(struct lapwing_likelihood_validation_options, order) == 16, "lapwing_likelihood_validation_options.order");
_Static_assert(offsetof(struct lapwing_likelihood_validation_options, reserved) == 20, "lapwing_likelihood_validation_options.reserved");
_Static_assert(offsetof(struct lapwing_likelihood_validation_options, seed) == 24, "lapwing_likelihood_validation_options.seed");

_Static_assert(sizeof(struct lapwing_linear_regression_options) == 32, "lapwing_linear_regression_options");
_Static_assert(offsetof(struct lapwing_linear_regression_options, struct_size) == 0, "lapwing_linear_regression_options.struct_size");
_Static_assert(offsetof(struct lapwing_linear_regression_options, intercept) == 8, "lapwing_linear_regression_options.intercept");
_Static_assert(offsetof(struct lapwing_linear_regression_options, solver) == 12, "lapwing_linear_regression_options.solver");
_Static_assert(offsetof(struct lapwing_linear_regression_options, tolerance) == 16, "lapwing_linear_regression_options.tolerance");
_Static_assert(offsetof(struct lapwing_linear_regression_options, max_iterations) == 24, "lapwing_linear_regression_options.max_iterations");

_Static_assert(sizeof(struct lapwing_mat_f32) == 40, "lapwing_mat_f32");
_Static_assert(offsetof(struct lapwing_mat_f32, data) == 0, "lapwing_mat_f32.data");
_Static_assert(offsetof(struct lapwing_mat_f32, rows) == 8, "lapwing_mat_f32.rows");
_Static_assert(offsetof(struct lapwing_mat_f32, cols) == 16, "lapwing_mat_f32.cols");
_Static_assert(offsetof(struct lapwing_mat_f32, row_stride) == 24, "lapwing_mat_f32.row_stride");
_Static_assert(offsetof(struct lapwing_mat_f32, col_stride) == 32, "lapwing_mat_f32.col_stride");

_Static_assert(sizeof(struct lapwing_mat_f64) == 40, "lapwing_mat_f64");
_Static_assert(offsetof(struct lapwing_mat_f64, data) == 0, "lapwing_mat_f64.data");
_Static_assert(offsetof(struct lapwing_mat_f64, rows) == 8, "lapwing_mat_f64.rows");
_Static_assert(offsetof(struct lapwing_mat_f64, cols) == 16, "lapwing_mat_f64.cols");
_Static_assert(offsetof(struct lapwing_mat_f64, row_stride) == 24, "lapwing_mat_f64.row_stride");
_Static_assert(offsetof(struct lapwing_mat_f64, col_stride) == 32, "lapwing_mat_f64.col_stride");

_Static_assert(sizeof(struct lapwing_mat_mut_f32) == 40, "lapwing_mat_mut_f32");
_Static_assert(offsetof(struct lapwing_mat_mut_f32, data) == 0, "lapwing_mat_mut_f32.data");
_Static_assert(offsetof(struct lapwing_mat_mut_f32, rows) == 8, "lapwing_mat_mut_f32.rows");
_Static_assert(offsetof(struct lapwing_mat_mut_f32, cols) == 16, "lapwing_mat_mut_f32.cols");
_Static_assert(offsetof(struct lapwing_mat_mut_f32, row_stride) == 24, "lapwing_mat_mut_f32.row_stride");
_Static_assert(offsetof(struct lapwing_mat_mut_f32, col_stride) == 32, "lapwing_mat_mut_f32.col_stride");

_Static_assert(sizeof(struct lapwing_mat_mut_f64) == 40, "lapwing_mat_mut_f64");
_Static_assert(offsetof(struct lapwing_mat_mut_f64, data) == 0, "lapwing_mat_mut_f64.data");
_Static_assert(offsetof(struct lapwing_mat_mut_f64, rows) == 8, "lapwing_mat_mut_f64.rows");
_Static_assert(offsetof(struct lapwing_mat_mut_f64, cols) == 16, "lapwing_mat_mut_f64.cols");
_Static_assert(offsetof(struct lapwing_mat_mut_f64, row_stride) == 24, "lapwing_mat_mut_f64.row_stride");
_Static_assert(offsetof(struct lapwing_mat_mut_f64, col_stride) == 32, "lapwing_mat_mut_f64.col_stride");

_Static_assert(sizeof(struct lapwing_mini_batch_k_means_options) == 96, "lapwing_mini_batch_k_means_options");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, struct_size) == 0, "lapwing_mini_batch_k_means_options.struct_size");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, init) == 8, "lapwing_mini_batch_k_means_options.init");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, early_stopping) == 12, "lapwing_mini_batch_k_means_options.early_stopping");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, reassignment) == 16, "lapwing_mini_batch_k_means_options.reassignment");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, reserved) == 20, "lapwing_mini_batch_k_means_options.reserved");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, n_clusters) == 24, "lapwing_mini_batch_k_means_options.n_clusters");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, n_init) == 32, "lapwing_mini_batch_k_means_options.n_init");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, init_size) == 40, "lapwing_mini_batch_k_means_options.init_size");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, batch_size) == 48, "lapwing_mini_batch_k_means_options.batch_size");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, max_iterations) == 56, "lapwing_mini_batch_k_means_options.max_iterations");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, max_no_improvement) == 64, "lapwing_mini_batch_k_means_options.max_no_improvement");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, reassignment_ratio) == 72, "lapwing_mini_batch_k_means_options.reassignment_ratio");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, tolerance) == 80, "lapwing_mini_batch_k_means_options.tolerance");
_Static_assert(offsetof(struct lapwing_mini_batch_k_means_options, seed) == 88, "lapwing_mini_batch_k_means_options.seed");

_Static_assert(sizeof(struct lapwing_nearest_neighbors_options) == 24, "lapwing_nearest_neighbors_options");
_Static_assert(offsetof(struct lapwing_nearest_neighbors_options, struct_size) == 0, "lapwing_nearest_neighbors_options.struct_size");
_Static_assert(offsetof(struct lapwing_nearest_neighbors_options, algorithm) == 8, "lapwing_nearest_neighbors_options.algorithm");
_Static_assert(offsetof(struct lapwing_nearest_neighbors_options, reserved) == 12, "lapwing_nearest_neighbors_options.reserved");
_Static_assert(offsetof(struct lapwing_nearest_neighbors_options, leaf_size) == 16, "lapwing_nearest_neighbors_options.leaf_size");

_Static_assert(sizeof(struct lapwing_nystrom_spectral_clustering_options) == 56, "lapwing_nystrom_spectral_clustering_options");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, struct_size) == 0, "lapwing_nystrom_spectral_clustering_options.struct_size");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, labels) == 8, "lapwing_nystrom_spectral_clustering_options.labels");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, selection) == 12, "lapwing_nystrom_spectral_clustering_options.selection");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, gamma_rule) == 16, "lapwing_nystrom_spectral_clustering_options.gamma_rule");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, n_clusters) == 24, "lapwing_nystrom_spectral_clustering_options.n_clusters");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, n_landmarks) == 32, "lapwing_nystrom_spectral_clustering_options.n_landmarks");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, gamma) == 40, "lapwing_nystrom_spectral_clustering_options.gamma");
_Static_assert(offsetof(struct lapwing_nystrom_spectral_clustering_options, seed) == 48, "lapwing_nystrom_spectral_clustering_options.seed");

_Static_assert(sizeof(struct lapwing_ols_options) == 24, "lapwing_ols_options");
_Static_assert(offsetof(struct lapwing_ols_options, struct_size) == 0, "lapwing_ols_options.struct_size");
_Static_assert(offsetof(struct lapwing_ols_options, intercept) == 8, "lapwing_ols_options.intercept");
_Static_assert(offsetof(struct lapwing_ols_options, solver) == 12, "lapwing_ols_options.solver");
_Static_assert(offsetof(struct lapwing_ols_options, level) == 16, "lapwing_ols_options.level");

_Static_assert(sizeof(struct lapwing_ols_statistics) == 136, "lapwing_ols_statistics");
_Static_assert(offsetof(struct lapwing_ols_statistics, struct_size) == 0, "lapwing_ols_statistics.struct_size");
_Static_assert(offsetof(struct lapwing_ols_statistics, n_samples) == 8, "lapwing_ols_statistics.n_samples");
_Static_assert(offsetof(struct lapwing_ols_statistics, rank) == 16, "lapwing_ols_statistics.rank");
_Static_assert(offsetof(struct lapwing_ols_statistics, model_degrees_of_freedom) == 24, "lapwing_ols_statistics.model_degrees_of_freedom");
_Static_assert(offsetof(struct lapwing_ols_statistics, residual_degrees_of_freedom) == 32, "lapwing_ols_statistics.residual_degrees_of_freedom");
_Static_assert(offsetof(struct lapwing_ols_statistics, dependencies) == 40, "lapwing_ols_statistics.dependencies");
_Static_assert(offsetof(struct lapwing_ols_statistics, residual_sum_of_squares) == 48, "lapwing_ols_statistics.residual_sum_of_squares");
_Static_assert(offsetof(struct lapwing_ols_statistics, residual_standard_deviation) == 56, "lapwing_ols_statistics.residual_standard_deviation");
_Static_assert(offsetof(struct lapwing_ols_statistics, r_squared) == 64, "lapwing_ols_statistics.r_squared");
_Static_assert(offsetof(struct lapwing_ols_statistics, adjusted_r_squared) == 72, "lapwing_ols_statistics.adjusted_r_squared");
_Static_assert(offsetof(struct lapwing_ols_statistics, f_statistic) == 80, "lapwing_ols_statistics.f_statistic");
_Static_assert(offsetof(struct lapwing_ols_statistics, f_p_value) == 88, "lapwing_ols_statistics.f_p_value");
_Static_assert(offsetof(struct lapwing_ols_statistics, log_likelihood) == 96, "lapwing_ols_statistics.log_likelihood");
_Static_assert(offsetof(struct lapwing_ols_statistics, aic) == 104, "lapwing_ols_statistics.aic");
_Static_assert(offsetof(struct lapwing_ols_statistics, bic) == 112, "lapwing_ols_statistics.bic");
_Static_assert(offsetof(struct lapwing_ols_statistics, condition_number) == 120, "lapwing_ols_statistics.condition_number");
_Static_assert(offsetof(struct lapwing_ols_statistics, scaled_condition_number) == 128, "lapwing_ols_statistics.scaled_condition_number");

_Static_assert(sizeof(struct lapwing_ols_tables) == 304, "lapwing_ols_tables");
_Static_assert(offsetof(struct lapwing_ols_tables, struct_size) == 0, "lapwing_ols_tables.struct_size");
_Static_assert(offsetof(struct lapwing_ols_tables, coefficients) == 8, "lapwing_ols_tables.coefficients");
_Static_assert(offsetof(struct lapwing_ols_tables, standard_errors) == 32, "lapwing_ols_tables.standard_errors");
_Static_assert(offsetof(struct lapwing_ols_tables, t_statistics) == 56, "lapwing_ols_tables.t_statistics");
_Static_assert(offsetof(struct lapwing_ols_tables, p_values) == 80, "lapwing_ols_tables.p_values");
_Static_assert(offsetof(struct lapwing_ols_tables, lower) == 104, "lapwing_ols_tables.lower");
_Static_assert(offsetof(struct lapwing_ols_tables, upper) == 128, "lapwing_ols_tables.upper");
_Static_assert(offsetof(struct lapwing_ols_tables, variance_inflation_factors) == 152, "lapwing_ols_tables.variance_inflation_factors");
_Static_assert(offsetof(struct lapwing_ols_tables, residuals) == 176, "lapwing_ols_tables.residuals");
_Static_assert(offsetof(struct lapwing_ols_tables, leverages) == 200, "lapwing_ols_tables.leverages");
_Static_assert(offsetof(struct lapwing_ols_tables, internally_studentized) == 224, "lapwing_ols_tables.internally_studentized");
_Static_assert(offsetof(struct lapwing_ols_tables, externally_studentized) == 248, "lapwing_ols_tables.externally_studentized");
_Static_assert(offsetof(struct lapwing_ols_tables, cooks_distances) == 272, "lapwing_ols_tables.cooks_distances");
_Static_assert(offsetof(struct lapwing_ols_tables, collinear) == 296, "lapwing_ols_tables.collinear");

_Static_assert(sizeof(struct lapwing_operator_f32) == 40, "lapwing_operator_f32");
_Static_assert(offsetof(struct lapwing_operator_f32, rows) == 0, "lapwing_operator_f32.rows");
_Static_assert(offsetof(struct lapwing_operator_f32, cols) == 8, "lapwing_operator_f32.cols");
_Static_assert(offsetof(struct lapwing_operator_f32, multiply) == 16, "lapwing_operator_f32.multiply");
_Static_assert(offsetof(struct lapwing_operator_f32, multiply_transposed) == 24, "lapwing_operator_f32.multiply_transposed");
_Static_assert(offsetof(struct lapwing_operator_f32, user) == 32, "lapwing_operator_f32.user");

_Static_assert(sizeof(struct lapwing_operator_f64) == 40, "lapwing_operator_f64");
_Static_assert(offsetof(struct lapwing_operator_f64, rows) == 0, "lapwing_operator_f64.rows");
_Static_assert(offsetof(struct lapwing_operator_f64, cols) == 8, "lapwing_operator_f64.cols");
_Static_assert(offsetof(struct lapwing_operator_f64, multiply) == 16, "lapwing_operator_f64.multiply");
_Static_assert(offsetof(struct lapwing_operator_f64, multiply_transposed) == 24, "lapwing_operator_f64.multiply_transposed");
_Static_assert(offsetof(struct lapwing_operator_f64, user) == 32, "lapwing_operator_f64.user");

_Static_assert(sizeof(struct lapwing_parallel_analysis_options) == 40, "lapwing_parallel_analysis_options");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, struct_size) == 0, "lapwing_parallel_analysis_options.struct_size");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, null_model) == 8, "lapwing_parallel_analysis_options.null_model");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, association) == 12, "lapwing_parallel_analysis_options.association");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, iterations) == 16, "lapwing_parallel_analysis_options.iterations");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, quantile) == 24, "lapwing_parallel_analysis_options.quantile");
_Static_assert(offsetof(struct lapwing_parallel_analysis_options, seed) == 32, "lapwing_parallel_analysis_options.seed");

_Static_assert(sizeof(struct lapwing_pca_options) == 48, "lapwing_pca_options");
_Static_assert(offsetof(struct lapwing_pca_options, struct_size) == 0, "lapwing_pca_options.struct_size");
_Static_assert(offsetof(struct lapwing_pca_options, solver) == 8, "lapwing_pca_options.solver");
_Static_assert(offsetof(struct lapwing_pca_options, whiten) == 12, "lapwing_pca_options.whiten");
_Static_assert(offsetof(struct lapwing_pca_options, n_components) == 16, "lapwing_pca_options.n_components");
_Static_assert(offsetof(struct lapwing_pca_options, variance) == 24, "lapwing_pca_options.variance");
_Static_assert(offsetof(struct lapwing_pca_options, seed) == 32, "lapwing_pca_options.seed");
_Static_assert(offsetof(struct lapwing_pca_options, power_iterations) == 40, "lapwing_pca_options.power_iterations");

_Static_assert(sizeof(struct lapwing_polynomial_features_options) == 24, "lapwing_polynomial_features_options");
_Static_assert(offsetof(struct lapwing_polynomial_features_options, struct_size) == 0, "lapwing_polynomial_features_options.struct_size");
_Static_assert(offsetof(struct lapwing_polynomial_features_options, degree) == 8, "lapwing_polynomial_features_options.degree");
_Static_assert(offsetof(struct lapwing_polynomial_features_options, terms) == 16, "lapwing_polynomial_features_options.terms");
_Static_assert(offsetof(struct lapwing_polynomial_features_options, bias) == 20, "lapwing_polynomial_features_options.bias");

_Static_assert(sizeof(struct lapwing_randomized_options) == 40, "lapwing_randomized_options");
_Static_assert(offsetof(struct lapwing_randomized_options, struct_size) == 0, "lapwing_randomized_options.struct_size");
_Static_assert(offsetof(struct lapwing_randomized_options, oversampling) == 8, "lapwing_randomized_options.oversampling");
_Static_assert(offsetof(struct lapwing_randomized_options, power_iterations) == 16, "lapwing_randomized_options.power_iterations");
_Static_assert(offsetof(struct lapwing_randomized_options, seed) == 24, "lapwing_randomized_options.seed");
_Static_assert(offsetof(struct lapwing_randomized_options, sketch) == 32, "lapwing_randomized_options.sketch");
_Static_assert(offsetof(struct lapwing_randomized_options, reserved) == 36, "lapwing_randomized_options.reserved");

_Static_assert(sizeof(struct lapwing_ridge_cv_options) == 72, "lapwing_ridge_cv_options");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, struct_size) == 0, "lapwing_ridge_cv_options.struct_size");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, intercept) == 8, "lapwing_ridge_cv_options.intercept");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, cross_validation) == 12, "lapwing_ridge_cv_options.cross_validation");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, scoring) == 16, "lapwing_ridge_cv_options.scoring");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, choice) == 20, "lapwing_ridge_cv_options.choice");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, order) == 24, "lapwing_ridge_cv_options.order");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, reserved) == 28, "lapwing_ridge_cv_options.reserved");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, folds) == 32, "lapwing_ridge_cv_options.folds");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, alphas) == 40, "lapwing_ridge_cv_options.alphas");
_Static_assert(offsetof(struct lapwing_ridge_cv_options, seed) == 64, "lapwing_ridge_cv_options.seed");

_Static_assert(sizeof(struct lapwing_ridge_options) == 72, "lapwing_ridge_options");
_Static_assert(offsetof(struct lapwing_ridge_options, struct_size) == 0, "lapwing_ridge_options.struct_size");
_Static_assert(offsetof(struct lapwing_ridge_options, intercept) == 8, "lapwing_ridge_options.intercept");
_Static_assert(offsetof(struct lapwing_ridge_options, solver) == 12, "lapwing_ridge_options.solver");
_Static_assert(offsetof(struct lapwing_ridge_options, penalty) == 16, "lapwing_ridge_options.penalty");
_Static_assert(offsetof(struct lapwing_ridge_options, reserved) == 20, "lapwing_ridge_options.reserved");
_Static_assert(offsetof(struct lapwing_ridge_options, alpha) == 24, "lapwing_ridge_options.alpha");
_Static_assert(offsetof(struct lapwing_ridge_options, penalties) == 32, "lapwing_ridge_options.penalties");
_Static_assert(offsetof(struct lapwing_ridge_options, tolerance) == 56, "lapwing_ridge_options.tolerance");
_Static_assert(offsetof(struct lapwing_ridge_options, max_iterations) == 64, "lapwing_ridge_options.max_iterations");

_Static_assert(sizeof(struct lapwing_spectral_clustering_options) == 72, "lapwing_spectral_clustering_options");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, struct_size) == 0, "lapwing_spectral_clustering_options.struct_size");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, labels) == 8, "lapwing_spectral_clustering_options.labels");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, eigen_solver) == 12, "lapwing_spectral_clustering_options.eigen_solver");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, n_clusters) == 16, "lapwing_spectral_clustering_options.n_clusters");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, max_clusters) == 24, "lapwing_spectral_clustering_options.max_clusters");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, n_components) == 32, "lapwing_spectral_clustering_options.n_components");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, n_eigenvalues) == 40, "lapwing_spectral_clustering_options.n_eigenvalues");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, n_init) == 48, "lapwing_spectral_clustering_options.n_init");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, eigen_tolerance) == 56, "lapwing_spectral_clustering_options.eigen_tolerance");
_Static_assert(offsetof(struct lapwing_spectral_clustering_options, seed) == 64, "lapwing_spectral_clustering_options.seed");

_Static_assert(sizeof(struct lapwing_spectral_embedding_options) == 48, "lapwing_spectral_embedding_options");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, struct_size) == 0, "lapwing_spectral_embedding_options.struct_size");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, first_vector) == 8, "lapwing_spectral_embedding_options.first_vector");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, laplacian) == 12, "lapwing_spectral_embedding_options.laplacian");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, eigen_solver) == 16, "lapwing_spectral_embedding_options.eigen_solver");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, reserved) == 20, "lapwing_spectral_embedding_options.reserved");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, n_components) == 24, "lapwing_spectral_embedding_options.n_components");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, eigen_tolerance) == 32, "lapwing_spectral_embedding_options.eigen_tolerance");
_Static_assert(offsetof(struct lapwing_spectral_embedding_options, seed) == 40, "lapwing_spectral_embedding_options.seed");

_Static_assert(sizeof(struct lapwing_standard_scaler_options) == 16, "lapwing_standard_scaler_options");
_Static_assert(offsetof(struct lapwing_standard_scaler_options, struct_size) == 0, "lapwing_standard_scaler_options.struct_size");
_Static_assert(offsetof(struct lapwing_standard_scaler_options, centring) == 8, "lapwing_standard_scaler_options.centring");
_Static_assert(offsetof(struct lapwing_standard_scaler_options, scaling) == 12, "lapwing_standard_scaler_options.scaling");

_Static_assert(sizeof(struct lapwing_tikhonov_options) == 24, "lapwing_tikhonov_options");
_Static_assert(offsetof(struct lapwing_tikhonov_options, struct_size) == 0, "lapwing_tikhonov_options.struct_size");
_Static_assert(offsetof(struct lapwing_tikhonov_options, intercept) == 8, "lapwing_tikhonov_options.intercept");
_Static_assert(offsetof(struct lapwing_tikhonov_options, penalty) == 12, "lapwing_tikhonov_options.penalty");
_Static_assert(offsetof(struct lapwing_tikhonov_options, alpha) == 16, "lapwing_tikhonov_options.alpha");

_Static_assert(sizeof(struct lapwing_total_least_squares_options) == 16, "lapwing_total_least_squares_options");
_Static_assert(offsetof(struct lapwing_total_least_squares_options, struct_size) == 0, "lapwing_total_least_squares_options.struct_size");
_Static_assert(offsetof(struct lapwing_total_least_squares_options, intercept) == 8, "lapwing_total_least_squares_options.intercept");
_Static_assert(offsetof(struct lapwing_total_least_squares_options, reserved) == 12, "lapwing_total_least_squares_options.reserved");

_Static_assert(sizeof(struct lapwing_truncated_svd_options) == 56, "lapwing_truncated_svd_options");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, struct_size) == 0, "lapwing_truncated_svd_options.struct_size");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, n_components) == 8, "lapwing_truncated_svd_options.n_components");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, algorithm) == 16, "lapwing_truncated_svd_options.algorithm");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, reserved) == 20, "lapwing_truncated_svd_options.reserved");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, power_iterations) == 24, "lapwing_truncated_svd_options.power_iterations");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, oversampling) == 32, "lapwing_truncated_svd_options.oversampling");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, tolerance) == 40, "lapwing_truncated_svd_options.tolerance");
_Static_assert(offsetof(struct lapwing_truncated_svd_options, seed) == 48, "lapwing_truncated_svd_options.seed");

_Static_assert(sizeof(struct lapwing_truncated_svd_regression_options) == 32, "lapwing_truncated_svd_regression_options");
_Static_assert(offsetof(struct lapwing_truncated_svd_regression_options, struct_size) == 0, "lapwing_truncated_svd_regression_options.struct_size");
_Static_assert(offsetof(struct lapwing_truncated_svd_regression_options, intercept) == 8, "lapwing_truncated_svd_regression_options.intercept");
_Static_assert(offsetof(struct lapwing_truncated_svd_regression_options, reserved) == 12, "lapwing_truncated_svd_regression_options.reserved");
_Static_assert(offsetof(struct lapwing_truncated_svd_regression_options, rank) == 16, "lapwing_truncated_svd_regression_options.rank");
_Static_assert(offsetof(struct lapwing_truncated_svd_regression_options, tolerance) == 24, "lapwing_truncated_svd_regression_options.tolerance");

_Static_assert(sizeof(struct lapwing_vec_f32) == 24, "lapwing_vec_f32");
_Static_assert(offsetof(struct lapwing_vec_f32, data) == 0, "lapwing_vec_f32.data");
_Static_assert(offsetof(struct lapwing_vec_f32, len) == 8, "lapwing_vec_f32.len");
_Static_assert(offsetof(struct lapwing_vec_f32, stride) == 16, "lapwing_vec_f32.stride");

_Static_assert(sizeof(struct lapwing_vec_f64) == 24, "lapwing_vec_f64");
_Static_assert(offsetof(struct lapwing_vec_f64, data) == 0, "lapwing_vec_f64.data");
_Static_assert(offsetof(struct lapwing_vec_f64, len) == 8, "lapwing_vec_f64.len");
_Static_assert(offsetof(struct lapwing_vec_f64, stride) == 16, "lapwing_vec_f64.stride");

_Static_assert(sizeof(struct lapwing_vec_mut_f32) == 24, "lapwing_vec_mut_f32");
_Static_assert(offsetof(struct lapwing_vec_mut_f32, data) == 0, "lapwing_vec_mut_f32.data");
_Static_assert(offsetof(struct lapwing_vec_mut_f32, len) == 8, "lapwing_vec_mut_f32.len");
_Static_assert(offsetof(struct lapwing_vec_mut_f32, stride) == 16, "lapwing_vec_mut_f32.stride");

_Static_assert(sizeof(struct lapwing_vec_mut_f64) == 24, "lapwing_vec_mut_f64");
_Static_assert(offsetof(struct lapwing_vec_mut_f64, data) == 0, "lapwing_vec_mut_f64.data");
_Static_assert(offsetof(struct lapwing_vec_mut_f64, len) == 8, "lapwing_vec_mut_f64.len");
_Static_assert(offsetof(struct lapwing_vec_mut_f64, stride) == 16, "lapwing_vec_mut_f64.stride");

_Static_assert(sizeof(struct lapwing_whitening_options) == 24, "lapwing_whitening_options");
_Static_assert(offsetof(struct lapwing_whitening_options, struct_size) == 0, "lapwing_whitening_options.struct_size");
_Static_assert(offsetof(struct lapwing_whitening_options, method) == 8, "lapwing_whitening_options.method");
_Static_assert(offsetof(struct lapwing_whitening_options, reserved) == 12, "lapwing_whitening_options.reserved");
_Static_assert(offsetof(struct lapwing_whitening_options, floor) == 16, "lapwing_whitening_options.floor");
