package io.loggos.storage.kv.versions;

/** Receives the changes of commands, whatever made them. All calls come from the thread that applies commands. */
public interface ChangeListener {
    /** Wants nothing. */
    ChangeListener NONE = new ChangeListener() {
        @Override
        public boolean begins(int sub) {
            return false;
        }

        @Override
        public boolean wantsPrevious() {
            return false;
        }

        @Override
        public void changed(Change change) {}

        @Override
        public void reached(long revision) {}
    };

    /**
     * Asks if the next change is wanted.
     *
     * @param sub the place of the change within its revision; the first has 0
     */
    boolean begins(int sub);

    /** True if the versions before changes are wanted. */
    boolean wantsPrevious();

    /** Receives a change that was wanted. */
    void changed(Change change);

    /**
     * The store has reached a revision. If that was a command, its changes have been told. If the state was replaced,
     * there are changes that nobody tells.
     */
    void reached(long revision);
}
