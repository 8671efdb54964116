package io.loggos.paxos.core.request;

import io.loggos.api.Ballot;
import io.loggos.paxos.core.model.Submission;

/** The proposer of this replica, as far as requests need it. */
public interface Leader {
    /** True while this replica leads. */
    boolean leads();

    /** The ballot in which this replica leads, or led last. */
    Ballot ballot();

    /** The last slot up to which all slots are chosen. */
    long chosenThrough();

    /** The first slot of the ballot in which no earlier ballot can have a value. */
    long firstOwnSlot();

    /** Takes a command to propose while leading. Returns false if there is no room for it. */
    boolean enqueue(Submission submission);

    /**
     * Reports that a batch is about to be applied.
     *
     * @param callers the number of callers on this node that wait for their commands
     */
    void expect(int callers);
}
