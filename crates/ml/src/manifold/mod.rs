//! Coordinates for samples whose affinities are known: scikit-learn's `sklearn.manifold`, as far as it is spectral.

mod diffusion_maps;
mod spectral_embedding;
#[cfg(test)]
mod tests;

pub use diffusion_maps::{DiffusionMaps, DiffusionMapsParams};
pub use spectral_embedding::{FirstVector, SpectralEmbedding, SpectralEmbeddingParams};
