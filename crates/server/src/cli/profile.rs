//! What can be typed about an account's profile.

use std::path::PathBuf;

use billing::country::Country;
use clap::{Args, Subcommand};

use super::Inquiry;

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Print what an account says of itself.
    Show(Inquiry),
    /// Change what is given and keep the rest; an empty text takes something away.
    Set(Box<ProfileSet>),
}

#[derive(Debug, Args)]
pub(crate) struct ProfileSet {
    #[command(flatten)]
    pub(crate) show: Inquiry,
    /// The name on documents; without one the account's own.
    #[arg(long, env = "BILLFOLD_NAME")]
    pub(crate) name: Option<String>,
    /// Printed below the address.
    #[arg(long, env = "BILLFOLD_EMAIL")]
    pub(crate) email: Option<String>,
    /// Printed below the address.
    #[arg(long, env = "BILLFOLD_PHONE")]
    pub(crate) phone: Option<String>,
    /// Printed below the address.
    #[arg(long, env = "BILLFOLD_WEBSITE")]
    pub(crate) website: Option<String>,
    /// Printed below every invoice; line breaks are kept.
    #[arg(long, env = "BILLFOLD_SIGNATURE", value_name = "TEXT")]
    pub(crate) signature: Option<String>,
    /// First line of the address.
    #[arg(long, env = "BILLFOLD_LINE1")]
    pub(crate) line1: Option<String>,
    /// Second line of the address.
    #[arg(long, env = "BILLFOLD_LINE2")]
    pub(crate) line2: Option<String>,
    /// City.
    #[arg(long, env = "BILLFOLD_CITY")]
    pub(crate) city: Option<String>,
    /// Postal code.
    #[arg(long, env = "BILLFOLD_POSTAL_ZIP", value_name = "CODE")]
    pub(crate) postal_zip: Option<String>,
    /// ISO code of the country, such as CA; an address has one.
    #[arg(long, env = "BILLFOLD_COUNTRY", value_parser = country, value_name = "CODE")]
    pub(crate) country: Option<&'static Country>,
    /// Code of the state within the country, such as ON.
    #[arg(long, env = "BILLFOLD_STATE", value_name = "CODE")]
    pub(crate) state: Option<String>,
    /// A PNG or JPEG file, at most 256 KiB.
    #[arg(long, env = "BILLFOLD_LOGO", value_name = "FILE", conflicts_with = "no_logo")]
    pub(crate) logo: Option<PathBuf>,
    /// Takes the logo away.
    #[arg(long, env = "BILLFOLD_NO_LOGO")]
    pub(crate) no_logo: bool,
}

fn country(code: &str) -> Result<&'static Country, String> {
    let is_it = |country: &&Country| country.iso.eq_ignore_ascii_case(code) || country.iso3.eq_ignore_ascii_case(code);
    Country::ALL.iter().find(is_it).ok_or_else(|| "must be an ISO code of a country, such as CA".to_owned())
}
