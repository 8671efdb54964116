package io.loggos.api.group;

/** When a multicast that its order permits is delivered. */
public enum Delivery {
    /** As soon as it is there. A member that fails may have delivered what no other member ever delivers. */
    ON_RECEIPT,
    /**
     * Once every member of the view is known to have it: what any member delivered, even one that failed since, all
     * members that install the next view have delivered ("uniform" delivery). What is not known to be everywhere when the
     * view ends is delivered then, by all who leave it together. Costs a further round trip.
     */
    SAFE
}
