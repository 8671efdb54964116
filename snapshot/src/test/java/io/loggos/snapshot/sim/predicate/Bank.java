package io.loggos.snapshot.sim.predicate;

/**
 * Application of one life of a node. Tokens are passed on and never made. Work is passed on and done, and never made, so that
 * its end is a stable property. A digest covers all that has happened, in order.
 */
public final class Bank {
    /**
     * State of the bank.
     *
     * @param digest of all events so far
     */
    public record State(long tokens, long work, long digest) {
        State received(BankMessage message) {
            return new State(tokens + message.tokens(), work + message.work(), mixed(1, message.id()));
        }

        State sent(BankMessage message) {
            return new State(tokens - message.tokens(), work - message.work(), mixed(2, message.id()));
        }

        State worked() {
            return new State(tokens, work - 1, mixed(3, 0));
        }

        private long mixed(int kind, long id) {
            return (digest * 31 + id) * 31 + kind;
        }
    }

    private State state;

    public Bank(State initial) {
        state = initial;
    }

    public State state() {
        return state;
    }

    public void received(BankMessage message) {
        state = state.received(message);
    }

    public void sent(BankMessage message) {
        state = state.sent(message);
    }

    public void worked() {
        state = state.worked();
    }
}
