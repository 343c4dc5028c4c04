//! Where tasks put what they have made, and one waits for it.

use crate::flag::Flag;
use std::cell::RefCell;
use std::collections::VecDeque;

/// First come, first served.
pub struct Mailbox<M> {
    mail: RefCell<VecDeque<M>>,
    /// Raised when there is some.
    bell: RefCell<Flag>,
}

impl<M> Default for Mailbox<M> {
    fn default() -> Self {
        Self { mail: RefCell::default(), bell: RefCell::default() }
    }
}

impl<M> Mailbox<M> {
    /// Puts something in.
    pub fn put(&self, mail: M) {
        self.mail.borrow_mut().push_back(mail);
        self.bell.borrow().raise();
    }

    /// Takes the oldest out, when there is any.
    pub async fn take(&self) -> M {
        loop {
            let mail = self.mail.borrow_mut().pop_front();
            if let Some(mail) = mail {
                return mail;
            }
            let bell = Flag::default();
            self.bell.replace(bell.clone());
            bell.raised().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use futures_executor::block_on;
    use futures_util::poll;

    #[test]
    fn mail_is_taken_in_order_and_waited_for() {
        block_on(async {
            let mailbox = Mailbox::default();
            mailbox.put(1);
            mailbox.put(2);
            assert_eq!((mailbox.take().await, mailbox.take().await), (1, 2));
            let mut third = Box::pin(mailbox.take());
            assert!(poll!(third.as_mut()).is_pending());
            mailbox.put(3);
            assert_eq!(third.await, 3);
        });
    }
}
