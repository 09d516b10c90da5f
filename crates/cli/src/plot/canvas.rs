//! The two things a figure can be drawn on, and the typeface it is set in.

use super::axis::UNIT;
use super::lettering::Lettered;
use plotters::backend::RGBPixel;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;
use std::io::{self, Write};
use std::sync::Once;

/// Averaging squares of this many units leaves a PNG of twice the nominal size.
const SQUARE: usize = (UNIT / 2) as usize;

/// Makes the embedded typeface known to plotters, under the name that SVG viewers also understand.
fn register_typeface() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Fails for bytes that are no typeface, which these are; then drawing says that it has no font.
        let _ = register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT);
    });
}

fn in_units(size: (i32, i32)) -> (u32, u32) {
    ((size.0 * UNIT).unsigned_abs(), (size.1 * UNIT).unsigned_abs())
}

/// A vector picture, growing as text.
pub(super) struct Svg {
    text: String,
    size: (i32, i32),
}

impl Svg {
    pub(super) fn new(size: (i32, i32)) -> Self {
        register_typeface();
        Self { text: String::new(), size }
    }

    pub(super) fn area(&mut self) -> DrawingArea<SVGBackend<'_>, Shift> {
        SVGBackend::with_string(&mut self.text, in_units(self.size)).into_drawing_area()
    }

    /// Writes the picture, shown at its nominal size: only the view box counts in units.
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let drawn = in_units(self.size);
        let attributes = |width, height| format!("width=\"{width}\" height=\"{height}\"");
        let shown = self.text.replacen(
            &attributes(drawn.0, drawn.1),
            &attributes(self.size.0.unsigned_abs(), self.size.1.unsigned_abs()),
            1,
        );
        out.write_all(shown.as_bytes())
    }
}

/// A picture of pixels, red, green and blue in turn.
pub(super) struct Png {
    pixels: Vec<u8>,
    size: (u32, u32),
}

impl Png {
    pub(super) fn new(size: (i32, i32)) -> Self {
        register_typeface();
        let size = in_units(size);
        Self { pixels: vec![255; size.0 as usize * size.1 as usize * 3], size }
    }

    pub(super) fn area(&mut self) -> DrawingArea<Lettered<BitMapBackend<'_, RGBPixel>>, Shift> {
        Lettered(BitMapBackend::with_buffer(&mut self.pixels, self.size)).into_drawing_area()
    }

    /// Averages the picture down and writes it compressed.
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let (width, height) = (self.size.0 / SQUARE as u32, self.size.1 / SQUARE as u32);
        let mut encoder = png::Encoder::new(out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&averaged(&self.pixels, self.size.0 as usize))?;
        writer.finish()?;
        Ok(())
    }
}

/// The mean colour of every square of `SQUARE` by `SQUARE` pixels.
fn averaged(pixels: &[u8], width: usize) -> Vec<u8> {
    let mut averaged = Vec::with_capacity(pixels.len() / (SQUARE * SQUARE));
    for rows in pixels.chunks_exact(width * 3 * SQUARE) {
        for column in 0..width / SQUARE {
            for channel in 0..3 {
                let of_pixel = |i: usize| {
                    let (y, x) = (i / SQUARE, column * SQUARE + i % SQUARE);
                    u32::from(rows[(y * width + x) * 3 + channel])
                };
                let area = (SQUARE * SQUARE) as u32;
                let sum: u32 = (0..SQUARE * SQUARE).map(of_pixel).sum();
                averaged.push(((sum + area / 2) / area) as u8);
            }
        }
    }
    averaged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_squares() {
        // Two squares side by side: the left all 10, 20, 30, the right half black and half white.
        let left = [10, 20, 30];
        let (black, white) = ([0, 0, 0], [255, 255, 255]);
        let row = [left, left, black, white].concat();
        assert_eq!(SQUARE, 2);
        assert_eq!(averaged(&[row.clone(), row].concat(), 4), [10, 20, 30, 128, 128, 128]);
    }
}
