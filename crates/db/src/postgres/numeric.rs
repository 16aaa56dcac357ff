//! Whole numbers as `NUMERIC`, which is what `PostgreSQL` makes of the sum of a `BIGINT` column.

/// Reads the binary form; none when it is not whole, not finite or too large for 64 bits.
pub(super) fn read(raw: &[u8]) -> Option<i64> {
    let mut words = raw.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]]));
    let count = words.next()?;
    let weight = words.next()?;
    let is_negative = match words.next()? {
        0 => false,
        0x4000 => true,
        _ => return None,
    };
    let _scale = words.next()?;

    let mut number = 0_i128;
    for place in 0..=weight.max(count - 1) {
        let digit = if place < count { i128::from(words.next()?) } else { 0 };
        match place <= weight {
            true => number = number.checked_mul(BASE)?.checked_add(digit)?,
            false if digit != 0 => return None,
            false => {}
        }
    }
    i64::try_from(if is_negative { -number } else { number }).ok()
}

/// The binary form.
pub(super) fn write(number: i64) -> Vec<u8> {
    let mut rest = i128::from(number).abs();
    let mut digits = Vec::new();
    while rest > 0 {
        digits.push(i16::try_from(rest % BASE).unwrap_or_default());
        rest /= BASE;
    }
    let count = i16::try_from(digits.len()).unwrap_or_default();
    let sign = if number < 0 { 0x4000 } else { 0 };
    let head = [count, (count - 1).max(0), sign, 0];
    head.iter().chain(digits.iter().rev()).flat_map(|word| word.to_be_bytes()).collect()
}

/// Four decimals a word.
const BASE: i128 = 10_000;

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn every_size_survives() {
        for number in [0, 1, -1, 9_999, 10_000, -10_000, 100_000_000, 123_456_789_012, i64::MAX, i64::MIN] {
            assert_eq!(read(&write(number)), Some(number), "{number}");
        }
    }

    #[test]
    fn trailing_zero_words_are_left_out_by_the_server() {
        let one_hundred_million = [0, 1, 0, 2, 0, 0, 0, 0, 0, 1];
        assert_eq!(read(&one_hundred_million), Some(100_000_000));
    }

    #[test]
    fn fractions_and_nan_are_not_whole() {
        let one_half = [0, 1, 0xff, 0xff, 0, 0, 0, 1, 0x13, 0x88];
        assert_eq!(read(&one_half), None);
        let nan = [0, 0, 0, 0, 0xc0, 0, 0, 0];
        assert_eq!(read(&nan), None);
    }
}
