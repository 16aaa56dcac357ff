//! Text as strangers wrote it, made fit to print.

/// Longest text that a document prints, in characters; the rest is cut off, and says so.
const LENGTH_MAX: usize = 4_000;

/// The text without what cannot be printed or would disturb its neighbours: control characters become spaces, line
/// breaks stay, and marks that turn the direction of writing for what follows are taken out.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned: String = text.trim().replace("\r\n", "\n").chars().filter_map(printed).take(LENGTH_MAX).collect();
    if text.trim().chars().count() > LENGTH_MAX {
        cleaned.push('…');
    }
    cleaned
}

fn printed(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        // Embeddings, overrides and isolates reach beyond the text when they are not closed; the byte-order mark says nothing.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        control if control.is_control() => Some(' '),
        // What no font holds by definition.
        '\u{FFFE}' | '\u{FFFF}' => Some('\u{FFFD}'),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_taken_out() {
        assert_eq!(clean(" a\u{0}b\tc\r\nd\u{202E}e\u{2069} "), "a b c\nde");
        assert_eq!(clean("שלום <b>😀"), "שלום <b>😀");
    }

    #[test]
    fn a_text_without_end_is_cut_off() {
        assert_eq!(clean(&"x".repeat(4_000)).chars().count(), 4_000);
        assert_eq!(clean(&"x".repeat(9_000)).chars().count(), 4_001);
    }
}
