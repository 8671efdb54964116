/** Tests of the picture of a cut, read as XML. */
package io.loggos.snapshot.draw;
