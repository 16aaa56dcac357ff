//! E-mail addresses: one or several in a text, each checked for its form.

/// Whether every address of a text is well formed. Addresses are separated by `;` or `,` (customers.md §1); blanks
/// around them and a separator at the end do no harm, and a text without any address is no list.
pub(super) fn are_valid(text: &str) -> bool {
    let mut addresses = text.split([';', ',']).map(str::trim).filter(|address| !address.is_empty()).peekable();
    addresses.peek().is_some() && addresses.all(is_address)
}

/// A local part and a domain. Whether mail arrives is known to the mail server only, so the check is for slips: a
/// missing part, a blank, a doubled dot.
fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@<>()[]:\\\"".contains(c);
    is_dotted(local, is_plain) && is_dotted(domain, |c| c.is_alphanumeric() || c == '-')
}

/// Parts joined by single dots, every part made of such characters.
fn is_dotted(text: &str, is_allowed: impl Fn(char) -> bool) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.chars().all(&is_allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_addresses() {
        let good = [
            "ada@example.com",
            "ada.reyes+bills@mail.example.co.uk",
            "a@b.c; d@e.f,g@h.i",
            "a@b.c;",
            " a@b.c ",
            "o'neil@example.com",
            "ada@localhost",
            "jörg@müller.example",
        ];
        for text in good {
            assert!(are_valid(text), "{text}");
        }
        let bad = [
            "",
            ";",
            "ada",
            "@example.com",
            "ada@",
            "ada@@example.com",
            "ada@exam ple.com",
            "ada reyes@example.com",
            "ada@example..com",
            ".ada@example.com",
            "ada@example.com.",
            "Ada <ada@example.com>",
            "a@b.c; d",
            "a@b.c d@e.f",
        ];
        for text in bad {
            assert!(!are_valid(text), "{text}");
        }
    }
}
