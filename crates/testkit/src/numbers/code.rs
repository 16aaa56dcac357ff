//! Security codes of cards. Three digits cannot be told from any others, so they are known by the name that they have.

/// What a member with a code is called, in lower case.
const NAMES: [&[u8]; 2] = [b"cvv", b"cvc"];

/// Characters between the name and the code, at most: quotation marks, which may be escaped, brackets, a colon, blanks.
const BEFORE_CODE_MAX: usize = 8;

/// The first member with a code in these bytes, as far as the first digit of the code.
pub(super) fn find(bytes: &[u8]) -> Option<String> {
    let begins = |place: &usize| bytes.get(*place).is_some_and(|byte| matches!(byte, b'c' | b'C'));
    (0..bytes.len()).filter(begins).find_map(|place| {
        let (name, rest) = bytes.get(place..)?.split_at_checked(3)?;
        if !NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        let gap = rest.iter().take_while(|byte| br#" "'\]:=%"#.contains(byte)).count();
        let (before, code) = rest.split_at_checked(gap)?;
        let has_value = code.first().is_some_and(u8::is_ascii_digit);
        let assigns = before.iter().any(|byte| matches!(byte, b':' | b'='));
        (has_value && assigns && gap <= BEFORE_CODE_MAX)
            .then(|| String::from_utf8_lossy(bytes.get(place..=place + 3 + gap).unwrap_or_default()).into_owned())
    })
}
