//! The secret that opens the API: never printed, asked for once, and once more after a 401.

use crate::error::{Error, OptionError};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// A secret text that cannot be printed.
#[derive(Clone)]
pub struct SecretText(Rc<str>);

impl SecretText {
    /// Checks that `text` can go into a header field (RFC 9110 §5.5: no control characters, no white space here).
    pub fn new(option: &str, text: &str) -> Result<Self, OptionError> {
        if text.is_empty() {
            return Err(OptionError::new(option, ["`", option, "` is empty; a secret was expected"].concat()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(OptionError::new(
                option,
                [
                    "`",
                    option,
                    "` has a character that no header field can carry (white space, a line break or one outside ASCII); \
                     check that it was copied whole and trimmed",
                ]
                .concat(),
            ));
        }
        Ok(Self(Rc::from(text)))
    }

    /// The text itself: for the Authorization header, and to find it where it must not be.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Asks the caller for a secret.
pub type AskSecret = Rc<dyn Fn() -> LocalBoxFuture<'static, Result<SecretText, Error>>>;

type Asking = Shared<LocalBoxFuture<'static, Result<SecretText, Error>>>;

/// Where the secret comes from.
pub enum Source {
    /// It is known and does not change.
    Fixed(SecretText),
    /// A function yields it; the answer is kept until a 401.
    Asked(AskSecret),
}

/// A secret as one request used it.
#[derive(Clone, Debug)]
pub struct Used {
    /// The text.
    pub text: SecretText,
    generation: u32,
}

/// The secret of a client.
pub struct Credential {
    source: Source,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    generation: u32,
    asking: Option<Asking>,
}

impl Credential {
    /// A secret from `source`.
    pub fn new(source: Source) -> Self {
        Self { source, state: RefCell::default() }
    }

    /// The secret now; all who need it while it is being asked for share one answer.
    pub async fn current(&self) -> Result<Used, Error> {
        let (asking, generation) = match &self.source {
            Source::Fixed(text) => return Ok(Used { text: text.clone(), generation: 0 }),
            Source::Asked(ask) => {
                let mut state = self.state.borrow_mut();
                let generation = state.generation;
                (state.asking.get_or_insert_with(|| ask().shared()).clone(), generation)
            }
        };
        match asking.await {
            Ok(text) => Ok(Used { text, generation }),
            Err(error) => {
                // A failed answer is not kept: the next call asks again.
                let mut state = self.state.borrow_mut();
                if state.generation == generation {
                    state.asking = None;
                    state.generation = state.generation.wrapping_add(1);
                }
                Err(error)
            }
        }
    }

    /// After a 401 with `used`: forgets that secret, unless another call has already done so. False where there is
    /// no other secret to be had.
    pub fn refused(&self, used: &Used) -> bool {
        if matches!(self.source, Source::Fixed(_)) {
            return false;
        }
        let mut state = self.state.borrow_mut();
        if state.generation == used.generation {
            state.asking = None;
            state.generation = state.generation.wrapping_add(1);
        }
        true
    }
}
