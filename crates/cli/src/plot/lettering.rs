//! Text drawn pixel by pixel.
//!
//! plotters sets each glyph against the right edge of the one before, without the space that the
//! typeface keeps between them, and on a line of whole pixels; set here, a word looks as it was cut.

use ab_glyph::{Font, FontRef, PxScaleFont, ScaleFont, point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// A backend of pixels that sets text itself and leaves all else to the backend it wraps.
pub(super) struct Lettered<B>(pub(super) B);

type Drawn<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

/// The typeface at the size that an SVG viewer gives a style of height `size`.
fn typeface<E: std::error::Error + Send + Sync>(
    size: f64,
) -> Result<(PxScaleFont<FontRef<'static>>, f32), DrawingErrorKind<E>> {
    let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT)
        .map_err(|error| DrawingErrorKind::FontError(Box::new(error)))?;
    let em = (size / 1.24) as f32;
    let scale = em * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
    Ok((font.into_scaled(scale), em))
}

/// Where each glyph of `text` starts, and where the last ends.
fn pen_positions(font: &PxScaleFont<FontRef<'static>>, text: &str) -> (Vec<(char, f32)>, f32) {
    let mut pen = 0.0;
    let mut before = None;
    let mut positions = Vec::new();
    for character in text.chars() {
        let glyph = font.glyph_id(character);
        pen += before.map_or(0.0, |before| font.kern(before, glyph));
        positions.push((character, pen));
        pen += font.h_advance(glyph);
        before = Some(glyph);
    }
    (positions, pen)
}

impl<B: DrawingBackend> DrawingBackend for Lettered<B> {
    type ErrorType = B::ErrorType;

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn<B> {
        let (font, em) = typeface(style.size())?;
        let (positions, width) = pen_positions(&font, text);
        let anchor = style.anchor();
        let left = match anchor.h_pos {
            HPos::Left => 0.0,
            HPos::Center => -width / 2.0,
            HPos::Right => -width,
        };
        // A capital is seven tenths of an em high.
        let baseline = match anchor.v_pos {
            VPos::Top => 0.76 * em,
            VPos::Center => 0.35 * em,
            VPos::Bottom => -0.25 * em,
        };
        for (character, pen) in positions {
            let mut glyph = font.scaled_glyph(character);
            glyph.position = point(left + pen, baseline);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let mut result = Ok(());
            outline.draw(|x, y, coverage| {
                let place = (corner.x as i32 + x as i32, corner.y as i32 + y as i32);
                let (x, y) = style.transform().transform(place.0, place.1);
                if result.is_ok() && coverage > 0.0 {
                    let colour = style.color().mix(f64::from(coverage.min(1.0)));
                    result = self.0.draw_pixel((at.0 + x, at.1 + y), colour);
                }
            });
            result?;
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let (font, em) = typeface(style.size())?;
        Ok((pen_positions(&font, text).1.ceil() as u32, em.ceil() as u32))
    }

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn<B> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Drawn<B> {
        self.0.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn<B> {
        self.0.draw_pixel(at, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn<B> {
        self.0.draw_line(from, to, style)
    }

    // The signature is the trait's.
    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn<B> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }
}
