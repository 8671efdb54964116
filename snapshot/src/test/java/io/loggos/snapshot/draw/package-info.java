/** The picture of a cut, read as the XML that it is. */
package io.loggos.snapshot.draw;
