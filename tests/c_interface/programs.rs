//! The test programs and the examples. Those in C run a second time under valgrind where it is installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::toolchain::{C, CPP, compiler, headers, link, root, run, scratch, valgrind};

/// Runs a C test and, where valgrind is installed, runs it again with every access to memory checked.
fn passes(name: &str) {
    let source = format!("tests/c/{name}.c");
    let program = link(compiler("CC", "cc"), &C, &[&source], name);
    run(Command::new(&program).current_dir(root()));
    if let Some(mut valgrind) = valgrind(&program) {
        run(&mut valgrind);
    }
}

#[test]
fn the_headers_compile_alone_and_twice_without_a_warning() {
    let twice = |header: &str| format!("#include <{header}>\n#include <{header}>\n");
    let (c, cpp) = (scratch("twice.c"), scratch("twice.cpp"));
    fs::write(&c, twice("lapwing.h")).expect("the scratch directory is writable");
    let mut headers: Vec<String> = headers(".hpp");
    headers.push("lapwing.h".to_owned());
    let headers: Vec<String> = headers.iter().map(|header| twice(header)).collect();
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        run(compiler("CC", "cc").arg(standard).args(&C[1..]).arg("-fsyntax-only").arg(&c));
    }
    // Each by itself, because the first that is included decides the order of the others; then all of them.
    let all = headers.concat();
    let alone = headers.iter().map(|header| ("-std=c++17", header));
    for (standard, text) in alone.chain([("-std=c++17", &all), ("-std=c++20", &all)]) {
        fs::write(&cpp, text).expect("the scratch directory is writable");
        run(compiler("CXX", "c++").arg(standard).args(&CPP[1..]).arg("-fsyntax-only").arg(&cpp));
    }
}

#[test]
fn decompositions_reconstruct_in_every_layout() {
    passes("decompositions");
}

#[test]
fn penalties_and_numbers_of_clusters_are_those_of_closed_forms() {
    passes("choices");
}

#[test]
fn workspaces_change_no_bit() {
    passes("workspaces");
}

#[test]
fn symmetric_factorizations_and_updates_give_back_their_matrix() {
    passes("definite");
}

#[test]
fn summaries_of_integer_matrices_are_the_known_numbers() {
    passes("summaries");
}

#[test]
fn eigenproblems_hold_in_every_layout() {
    passes("eigenproblems");
}

#[test]
fn least_squares_leave_no_gradient_and_hold_constraints() {
    passes("least_squares");
}

#[test]
fn linear_systems_are_solved_in_every_layout() {
    passes("linear_systems");
}

#[test]
fn functions_of_matrices_are_what_defines_them() {
    passes("functions");
}

#[test]
fn matrix_equations_hold_and_refuse() {
    passes("equations");
}

#[test]
fn bad_arguments_are_refused_with_outputs_untouched() {
    passes("refusals");
}

#[test]
fn subspaces_are_those_of_matrices_that_are_known() {
    passes("subspaces");
}

#[test]
fn inverses_approximations_and_motions_are_what_they_should_be() {
    passes("inverses");
}

#[test]
fn principal_components_are_what_they_say() {
    passes("pca");
}

#[test]
fn principal_components_of_blocks_are_those_of_the_whole() {
    passes("incremental_pca");
}

#[test]
fn kernel_components_are_those_of_scikit_learn() {
    passes("kernel_pca");
}

#[test]
fn linear_models_shrink_by_their_closed_forms_and_refuse() {
    passes("linear_models");
}

#[test]
fn linear_estimators_meet_their_closed_forms_and_refuse() {
    passes("linear_estimators");
}

#[test]
fn summaries_of_least_squares_are_the_known_numbers() {
    passes("ols_summary");
}

#[test]
fn models_come_back_from_their_text() {
    passes("stored");
}

#[test]
fn models_of_sparse_data_are_those_of_scikit_learn() {
    passes("sparse_models");
}

#[test]
fn numbers_of_components_are_chosen_with_their_curves() {
    passes("component_selection");
}

#[test]
fn statistics_of_a_rectangle_are_the_known_ones_and_nonsense_is_refused() {
    passes("statistics");
}

#[test]
fn transforms_discriminants_and_metrics_of_a_rectangle_are_the_known_ones() {
    passes("preparations");
}

#[test]
fn spectral_clusters_embeddings_and_diffusion_maps_meet_their_closed_forms_and_refuse() {
    passes("spectral");
}

#[test]
fn clusters_of_two_squares_are_found_and_scored_and_nonsense_is_refused() {
    passes("clusters");
}

#[test]
fn nearest_neighbors_are_those_at_known_distances() {
    passes("neighbors");
}

#[test]
fn graphs_have_the_spectra_cuts_and_resistances_of_their_closed_forms() {
    passes("graphs");
}

#[test]
fn structured_matrices_are_made_and_multiplied() {
    passes("structured");
}

#[test]
fn sparse_products_are_exact_and_faults_of_structure_are_named() {
    passes("sparse");
}

#[test]
fn iterations_converge_stop_and_refuse() {
    passes("iterations");
}

#[test]
fn systems_and_least_squares_are_solved_by_iteration() {
    passes("solvers");
}

#[test]
fn eigenpairs_of_all_kinds_are_found_by_iteration() {
    passes("eigenpairs");
}

#[test]
fn versions_messages_and_threads() {
    passes("library");
}

#[test]
fn the_cpp_wrapper_owns_throws_and_links_from_two_units() {
    let sources = ["tests/cpp/wrapper.cpp", "tests/cpp/second_unit.cpp"];
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &sources, "wrapper")));
}

#[test]
fn the_cpp_wrapper_iterates_and_carries_exceptions_through() {
    run(&mut Command::new(link(
        compiler("CXX", "c++"),
        &CPP,
        &["tests/cpp/iterations.cpp"],
        "iterations_cpp",
    )));
}

#[test]
fn the_cpp_wrapper_owns_models_and_writes_them_down() {
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &["tests/cpp/models.cpp"], "models_cpp")));
}

#[test]
fn the_cpp_wrapper_owns_covariances_and_what_goes_with_them() {
    let source = ["tests/cpp/statistics.cpp"];
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &source, "statistics_cpp")));
}

#[test]
fn the_cpp_wrapper_fits_linear_models() {
    let sources = ["tests/cpp/linear_models.cpp"];
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &sources, "linear_models_cpp")));
}

#[test]
fn the_cpp_wrapper_clusters_and_owns_neighbors_and_graphs() {
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &["tests/cpp/clusters.cpp"], "clusters_cpp")));
}

#[test]
fn the_cpp_wrapper_clusters_and_embeds_by_affinities() {
    run(&mut Command::new(link(compiler("CXX", "c++"), &CPP, &["tests/cpp/spectral.cpp"], "spectral_cpp")));
}

/// Least squares give two features that go together opposite signs, and a penalty gives them one.
#[test]
fn the_slopes_of_the_example_agree_once_they_are_penalized() {
    let program = link(compiler("CC", "cc"), &C, &["examples/c/ridge.c"], "ridge_example");
    let output = run(&mut Command::new(program));
    let printed = String::from_utf8(output.stdout).expect("a table is text");
    let slopes = |line: &str| -> Vec<f64> {
        let cells = line.split_whitespace().map(|cell| cell.parse().expect("a number"));
        cells.skip(1).take(2).collect()
    };
    let agree: Vec<bool> =
        printed.lines().skip(1).map(slopes).map(|slopes| slopes[0] * slopes[1] > 0.0).collect();
    assert_eq!(agree, [false, true, true], "{printed}");
}

/// What a straight line mixes, a Gaussian kernel separates.
#[test]
fn the_circles_of_the_example_are_separated_by_the_gaussian_kernel_alone() {
    let program = link(compiler("CC", "cc"), &C, &["examples/c/kernel_pca.c"], "kernel_pca_example");
    let output = run(&mut Command::new(program));
    let printed = String::from_utf8(output.stdout).expect("a table is text");
    let verdicts: Vec<&str> =
        printed.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(verdicts, ["mixed", "separate"], "{printed}");
}

/// Rings are no clusters about centres; affinities tell them apart, and so do landmarks.
#[test]
fn the_rings_of_the_examples_are_told_apart() {
    let c = link(compiler("CC", "cc"), &C, &["examples/c/spectral_clustering.c"], "spectral_example");
    let cpp =
        link(compiler("CXX", "c++"), &CPP, &["examples/cpp/spectral_clustering.cpp"], "spectral_example_cpp");
    for (program, expected) in [(c, ["40", "80"]), (cpp, ["1000", "2000"])] {
        let output = run(&mut Command::new(program));
        let printed = String::from_utf8(output.stdout).expect("a table is text");
        let mut lines = printed.lines().skip(1);
        let mut sizes: Vec<&str> =
            lines.by_ref().take(2).filter_map(|line| line.split_whitespace().last()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, expected, "{printed}");
        assert_eq!(lines.next(), Some("adjusted Rand score 1.000"), "{printed}");
    }
}

/// Both quickstarts print, to the last bit, what the Rust interface computes.
#[test]
fn the_quickstarts_print_the_numbers_of_the_rust_interface() {
    let c = link(compiler("CC", "cc"), &C, &["examples/c/quickstart.c"], "quickstart_c");
    let cpp = link(compiler("CXX", "c++"), &CPP, &["examples/cpp/quickstart.cpp"], "quickstart_cpp");
    let data = "examples/data/digits.csv";
    let text = fs::read_to_string(root().join(data)).expect("the digits are part of the project");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    let x = ndarray::Array2::from_shape_fn((rows.len(), rows[0].len() - 1), |(i, j)| rows[i][j]);
    let pca = lapwing::Pca::params()
        .n_components(lapwing::NComponents::Count(10))
        .fit(&x)
        .expect("the digits have principal components");

    let no_rows = scratch("no rows.csv");
    fs::write(&no_rows, "a,b,label\n").expect("the scratch directory is writable");
    let one_column = scratch("one column.csv");
    fs::write(&one_column, "label\n1\n").expect("the scratch directory is writable");
    let refused = [
        (Path::new("no such file"), "cannot be read"),
        (&no_rows, "has a header and no rows"),
        (&one_column, "has one column: features come before the label"),
    ];

    for program in [c, cpp] {
        let output = run(Command::new(&program).arg(data).current_dir(root()));
        let printed = String::from_utf8(output.stdout).expect("a table is text");
        let table: Vec<Vec<f64>> = printed
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().map(|cell| cell.parse().expect("a number")).collect())
            .collect();
        assert_eq!(table.len(), 10);
        for (i, row) in table.iter().enumerate() {
            let expected = [
                (i + 1) as f64,
                pca.explained_variance()[i],
                pca.explained_variance_ratio()[i],
                pca.singular_values()[i],
            ];
            assert_eq!(row, &expected, "{}", program.display());
        }

        for (file, complaint) in refused {
            let output = Command::new(&program).arg(file).output().expect("the program starts");
            assert_eq!(output.status.code(), Some(1));
            let expected = format!("error: {} {complaint}\n", file.display());
            assert_eq!(String::from_utf8_lossy(&output.stderr), expected, "{}", program.display());
        }
    }
}
