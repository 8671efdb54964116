package io.loggos.api.group;

/** The way in which a multicast reaches the remaining members after its sender failed. */
public enum Relay {
    /** Every member keeps a message until all members have it, and relays it when the view changes. */
    AT_VIEW_CHANGE,
    /** Every member relays every message on first receipt: the algorithm of the textbooks, with n times the traffic. */
    ON_RECEIPT
}
