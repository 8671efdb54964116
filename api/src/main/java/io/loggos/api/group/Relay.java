package io.loggos.api.group;

/** How a multicast whose sender fails reaches those that it had not reached. */
public enum Relay {
    /** Every member keeps a message until all have it, and passes it on when the view changes. */
    AT_VIEW_CHANGE,
    /** Every member passes every message on when it first arrives: the textbook's way, at n times the traffic. */
    ON_RECEIPT
}
