package io.loggos.api.group;

/** The moment at which a multicast is delivered, once its order permits. */
public enum Delivery {
    /** On receipt. A member that fails may have delivered a message that no other member ever delivers. */
    ON_RECEIPT,
    /**
     * Once every member of the view is known to have the message ("uniform" delivery).
     *
     * <p>If any member delivered it, even one that has failed since, all members that install the next view have
     * delivered it. Some messages may not be known to be everywhere when the view ends. All members that leave the view
     * together deliver those at that time. Costs one more round trip.
     */
    SAFE
}
